import ArgumentParser

enum TimeStyle: String, ExpressibleByArgument, CaseIterable {
    case relative, absolute
}
