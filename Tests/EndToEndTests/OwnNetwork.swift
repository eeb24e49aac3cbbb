import Foundation
import Testing

extension Trait where Self == ConditionTrait {
    /// Runs a test only if its programs can have a network of their own.
    static var ownNetwork: Self { .enabled(if: Wstap.ownNetwork != nil, "this user may have no network of its own") }
}

extension Wstap {
    /// The options of `unshare` that give a program a network of its own; `nil` if this user may have none.
    static let ownNetwork: [String]? = [["--net"], ["--user", "--map-root-user", "--net"]].first { options in
        (try? run("/usr/bin/unshare", options + ["true"]))?.status == 0
    }

    /// Runs `wstap` beside a capture that is played on the loopback interface of a network of its own, and then interrupts it.
    static func played(_ capture: String, _ arguments: [String]) throws -> Result {
        try played(capture, beside: [binary.path] + arguments)
    }

    /// - Parameters:
    ///   - command: the program and its arguments.
    ///   - then: a line of shell that runs between the capture's end and the interrupt.
    static func played(_ capture: String, beside command: [String], then: String? = nil) throws -> Result {
        let player = project.appendingPathComponent("Tests/Peers/replay.py").path
        return try run(
            "/usr/bin/unshare", try #require(ownNetwork) + ["/usr/bin/python3", player, capture] + command,
            environment: then.map { ["THEN": $0] } ?? [:])
    }
}
