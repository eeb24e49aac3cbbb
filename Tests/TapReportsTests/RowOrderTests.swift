import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("Rows that wait for earlier ones")
struct RowOrderTests {
    @Test("those that come in the order of time stay as they are, however many they are")
    func inOrder() {
        var script = Script()
        for number in 1...3_000 {
            script.handshake(on: number)
            let violations = number % 3 == 0 ? [Script.unmasked] : []
            script.frame(.client, 0x81, [0x41], on: number, violations: violations)
            script.close(on: number, code: 1_000)
        }
        var options = ReportOptions(payload: .preview)
        let plain = script.text(of: TableReport(options))
        options.sortsRows = true
        #expect(script.text(of: TableReport(options)) == plain)
    }

    @Test("one that comes late does not stand farther to the right than those around it")
    func late() {
        var script = Script()
        script.handshake(on: 1)
        script.text(.client, "early", on: 1)
        script.advance(microseconds: 90_000_000_000)
        script.handshake(on: 2)
        script.advance(microseconds: -90_000_000_000)
        script.text(.client, "late", on: 3)
        var options = ReportOptions(events: [.handshake, .frame], payload: .preview)
        options.sortsRows = true
        let rows = script.text(of: TableReport(options)).split(separator: "\n").filter { $0.contains("text") }
        #expect(rows.map { $0.prefix(12).last { $0 != " " }?.isNumber } == [true, true])
        #expect(rows.map { $0.firstIndex(of: "#")?.utf16Offset(in: $0) } == [12, 12], "\(rows)")
    }

    @Test("an earlier one is put before them, but never before its own connection's")
    func outOfOrder() {
        var script = Script()
        script.handshake(on: 1)
        script.text(.client, "first", on: 1)
        script.advance(microseconds: -5_000)
        script.handshake(on: 2)
        script.advance(microseconds: -5_000)
        script.text(.client, "second", on: 2)
        var options = ReportOptions(events: [.handshake, .frame], payload: .preview)
        options.sortsRows = true
        let rows = script.text(of: TableReport(options)).split(separator: "\n").filter {
            $0.contains("valid") || $0.contains("text")
        }
        #expect(rows.map { $0.dropFirst(12).prefix(2) } == ["#2", "#2", "#1", "#1"])
    }
}
