import ArgumentParser

enum VerifyFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson, junit, sarif
}
