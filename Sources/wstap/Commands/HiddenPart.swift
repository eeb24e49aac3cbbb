import ArgumentParser

/// What `--hide` leaves out.
enum HiddenPart: String, ExpressibleByArgument, CaseIterable {
    case heartbeat
}
