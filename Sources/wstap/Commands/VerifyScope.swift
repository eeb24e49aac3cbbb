import ArgumentParser

/// The part of the traffic that `verify` reports on.
enum VerifyScope: String, ExpressibleByArgument, CaseIterable {
    case handshake
}
