import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// The cases of the Autobahn test suite, as an analyzer sees them: see the README next to this file.
@Suite("Autobahn")
struct AutobahnTests {
    static let small =
        AutobahnCase.framing + AutobahnCase.pings + AutobahnCase.reservedBits + AutobahnCase.opcodes
        + AutobahnCase.fragmentation + AutobahnCase.texts + AutobahnCase.sequences + AutobahnCase.closes
    static let large = AutobahnCase.limits + AutobahnCase.misc
    static let compression = AutobahnCompression.data + AutobahnCompression.parameters

    private static let options: AnalysisOptions = {
        var options = AnalysisOptions()
        options.observesMessages = true
        return options
    }()

    @Test("the analysis finds what the suite has put there, and reads the messages", arguments: small, Sender.allCases)
    func found(_ row: AutobahnCase, fuzzer: Sender) { check(row, fuzzer) }

    @Test("large messages come out byte for byte", arguments: large)
    func read(_ row: AutobahnCase) { check(row, .server) }

    private func check(_ row: AutobahnCase, _ fuzzer: Sender) {
        let observed = Observed(row.conversation(fuzzer), AutobahnTests.options)
        let complaints = observed.findings.filter { $0.violation.id != .closeAbnormal }
        let found = complaints.map { "\($0.violation.id.rawValue) at \($0.frame ?? 0)" }
        // The one close code that only a client may send.
        let isWrongSide = row.number == "7.7.8" && fuzzer == .server
        let expected = isWrongSide ? [(.closeCodeNotForServer, 1)] : row.findings
        #expect(found == expected.map { "\($0.id.rawValue) at \($0.frame)" })
        #expect(complaints.allSatisfy { $0.sender == fuzzer })
        let closers = observed.findings.filter { $0.violation.id == .closeAbnormal }.map(\.sender)
        #expect(closers == row.failing(fuzzer).map { [$0] } ?? [])
        let read = zip(observed.messages, observed.messagePayloads).filter { $0.0.sender == fuzzer && $0.0.isWhole }
        #expect(read.map(\.1) == row.messages)
        #expect(observed.verdicts == [.valid] && observed.connections.first?.close.isClean == true)
    }

    @Test("a text is known to be wrong in the chop that makes it so", arguments: ["6.4.3", "6.4.4"], Sender.allCases)
    func failFast(number: String, fuzzer: Sender) throws {
        let row = try #require(AutobahnCase.texts.first { $0.number == number })
        let finding = try #require(Observed(row.conversation(fuzzer)).findings.first)
        // Each chop is acknowledged.
        #expect(finding.packet.rawValue == UInt64(Conversation.upgradedPackets + 3))
        #expect(finding.violation.evidence == [Evidence("offset", .number(11))])
    }

    @Test("compressed messages come out byte for byte, whatever was agreed on", arguments: compression)
    func inflated(_ row: AutobahnCompression) {
        let observed = Observed(row.conversation, AutobahnTests.options)
        #expect(observed.ids == [] && observed.verdicts == [.valid])
        for sender in Sender.allCases {
            let read = zip(observed.messages, observed.messagePayloads).filter { $0.0.sender == sender }
            #expect(read.map(\.1) == row.messages, "\(sender)")
            #expect(read.allSatisfy { $0.0.isWhole && $0.0.compression == .inflated })
        }
    }

    /// The suite's cases (version 0.8.2): how many there are in each section.
    static let suite: [(section: String, count: Int)] =
        [("1.1", 8), ("1.2", 8), ("2", 11), ("3", 7), ("4.1", 5), ("4.2", 5), ("5", 20), ("6.1", 3), ("6.2", 4)]
        + [("6.3", 2), ("6.4", 4), ("6.5", 5), ("6.6", 11), ("6.7", 4), ("6.8", 2), ("6.9", 4), ("6.10", 3)]
        + [("6.11", 5), ("6.12", 8), ("6.13", 5), ("6.14", 10), ("6.15", 1), ("6.16", 3), ("6.17", 5), ("6.18", 5)]
        + [("6.19", 5), ("6.20", 7), ("6.21", 8), ("6.22", 34), ("6.23", 7), ("7.1", 6), ("7.3", 6), ("7.5", 1)]
        + [("7.7", 13), ("7.9", 9), ("7.13", 2), ("9.1", 6), ("9.2", 6), ("9.3", 9), ("9.4", 9), ("9.5", 6)]
        + [("9.6", 6), ("9.7", 6), ("9.8", 6), ("10.1", 1)]
        + (1...5).map { ("12.\($0)", 18) } + (1...7).map { ("13.\($0)", 18) }

    @Test("each case of the suite is here, once")
    func complete() {
        let covered = AutobahnTests.small.map(\.number) + AutobahnTests.large.map(\.number)
        let numbers = covered + AutobahnTests.compression.map(\.number)
        let all = AutobahnTests.suite.flatMap { section in (1...section.count).map { "\(section.section).\($0)" } }
        #expect(Set(numbers) == Set(all) && numbers.count == all.count && all.count == 517)
    }
}
