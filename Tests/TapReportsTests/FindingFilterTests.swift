import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("What verify reports on")
struct FindingFilterTests {
    private static let script: Script = {
        var script = Script()
        script.handshake(.invalid, violations: [Script.wrongAccept])
        script.frame(.client, 0x81, [0x41], violations: [Script.unmasked])
        script.close(hasFrame: false, isClean: false, by: .rst)
        script.summary.cuts = Script.cuts(idleSeconds: [60, 60, 60])
        return script
    }()

    private static func text(_ filter: FindingFilter) -> String {
        script.text(of: FilteredReport(HandshakeReport(), filter))
    }

    @Test("without a wish all is told")
    func open() {
        #expect(FindingFilterTests.text(FindingFilter()) == FindingFilterTests.script.text(of: HandshakeReport()))
    }

    @Test("what is ignored is neither told nor counted, and the verdict stays")
    func ignored() {
        let shown = FindingFilterTests.text(FindingFilter(ignored: [.responseAcceptWrong]))
        #expect(shown.contains("✗ invalid") && shown.contains("✓ accept") && shown.contains("frame-client-unmasked"))
        #expect(!shown.contains("response-accept-wrong") && shown.contains("· ✗ 1 error\n"))
    }

    @Test("with handshakes only, what follows them is left out")
    func handshakesOnly() {
        let shown = FindingFilterTests.text(FindingFilter(handshakesOnly: true))
        #expect(shown.contains("response-accept-wrong") && shown.contains("· ✗ 1 error\n"))
        for word in ["unmasked", "reset by", "idle"] { #expect(!shown.contains(word)) }
    }

    @Test("the mid-stream pick-up and the missing side belong to the handshake")
    func handshakeFindings() {
        let filter = FindingFilter(handshakesOnly: true)
        #expect(filter.passes(.captureMidstream) && filter.passes(.captureOneSided) && filter.passes(.httpFoldedLine))
        #expect(!filter.passes(.captureSnaplen) && !filter.passes(.closeMissing) && !filter.passes(.messageNotUTF8))
    }
}
