import ArgumentParser

enum StatsFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
