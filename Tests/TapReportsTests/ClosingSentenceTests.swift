import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("What is said of an end of which the capture does not hold all")
struct ClosingSentenceTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let hasFrame: Bool
        let cause: ConnectionClose.Cause
        let change: @Sendable (inout ConnectionClose) -> Void
        let says: [String]
        let saysNot: [String]
    }

    private static let accusations = ["not answered", "sees 1006", "see 1006", "without a close frame", "clean"]

    static let rows = [
        Row(
            testDescription: "a close whose answer may be missing", hasFrame: true, cause: .fin,
            change: { ($0.whole, $0.closers) = (.client, .client) },
            says: ["closed by the client: 1000 normal closure", "answer not known"], saysNot: accusations),
        Row(
            testDescription: "a close of a side of which alone there is a capture", hasFrame: true, cause: .fin,
            change: { ($0.whole, $0.closers, $0.initiator) = (.client, .client, nil) },
            says: ["closed: 1000 normal closure", "answer not known"], saysNot: accusations + ["by the"]),
        Row(
            testDescription: "FINs, and one side whole", hasFrame: false, cause: .fin, change: { $0.whole = .client },
            says: ["closed by the client · the client sent no close frame"], saysNot: accusations),
        Row(
            testDescription: "a reset, and no side whole", hasFrame: false, cause: .rst, change: { $0.whole = [] },
            says: ["reset by the client · close frames not known"], saysNot: accusations),
        Row(
            testDescription: "an end that may be missing", hasFrame: false, cause: .captureEnd,
            change: { ($0.isEndKnown, $0.initiator, $0.sign) = (false, nil, nil) }, says: ["~ end not captured"],
            saysNot: accusations + ["open"]),
    ]

    private func script(_ row: Row) -> Script {
        var script = Script()
        script.handshake()
        script.close(
            code: row.hasFrame ? 1_000 : nil, hasFrame: row.hasFrame, isClean: false, by: row.cause, change: row.change)
        return script
    }

    @Test("nothing is concluded from silence, in any report", arguments: rows)
    func said(row: Row) {
        let script = script(row)
        let table = script.text(of: TableReport())
        for text in row.says { #expect(table.contains(text), "\(table)") }
        let reports = [table, script.text(of: HandshakeReport())]
        for report in reports {
            for text in row.saysNot { #expect(!report.contains(text), "\(text): \(report)") }
        }
        let records = script.text(of: NDJSONReport())
        #expect(!records.contains(#""answered":"#), "\(records)")
    }

    @Test("pings whose pongs may be missing are not called unanswered")
    func pings() {
        var script = Script()
        script.handshake()
        var pings = Script.pings(milliseconds: [1, nil])
        pings.areAnswersKnown = false
        script.close(code: 1_000, clientPings: pings)
        #expect(script.text(of: TableReport()).contains("2 pings, 1 answered, RTT"))
        #expect(!script.text(of: NDJSONReport()).contains("unanswered\":1"))
    }
}
