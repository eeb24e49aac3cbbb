import TapWebSocket
import Testing

@Suite("The catalogue of findings")
struct CatalogueTests {
    @Test("each finding has a stable name in kebab case", arguments: FindingID.allCases)
    func name(id: FindingID) {
        #expect(id.rawValue.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)+/) != nil)
        #expect(FindingID(rawValue: id.rawValue) == id)
    }

    @Test("each finding is explained", arguments: FindingID.allCases)
    func explained(id: FindingID) {
        #expect(!id.meaning.isEmpty && !id.meaning.contains("\n") && !id.meaning.hasSuffix("."))
        #expect(id.explanation.count > 40 && [".", ")"].contains(id.explanation.last))
        #expect(!id.explanation.contains("  ") && !id.explanation.contains("\n"))
    }

    @Test("each finding names its rule", arguments: FindingID.allCases)
    func reference(id: FindingID) {
        #expect(id.reference.wholeMatch(of: /RFC \d+ §\d+(\.\d+)*/) != nil)
    }

    @Test("no two findings have the same meaning")
    func distinct() {
        #expect(Set(FindingID.allCases.map(\.meaning)).count == FindingID.allCases.count)
    }

    @Test("what a capture misses is nobody's error")
    func captureFindings() {
        let ids = FindingID.allCases.filter { $0.rawValue.hasPrefix("capture-") }
        #expect(!ids.isEmpty)
        #expect(ids.allSatisfy { $0.severity < .error })
    }

    @Test("severities are ordered")
    func severities() {
        #expect([Severity.error, .note, .warning].sorted() == [.note, .warning, .error])
    }
}
