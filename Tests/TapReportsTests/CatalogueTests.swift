import TapReports
import TapWebSocket
import Testing

@Suite("The catalogue, as explain shows it")
struct CatalogueTests {
    private func list(width: Int) -> [String] {
        var output: [UInt8] = []
        Catalogue(width: width).list(to: &output)
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("the list has a heading for each family and a line for each finding", arguments: [60, 80, 160])
    func list(columns: Int) {
        let lines = list(width: columns)
        let headings = lines.filter { $0.hasPrefix("# ") }
        let names = lines.filter { !$0.hasPrefix("#") && !$0.hasPrefix(" ") }.map { $0.prefix { $0 != " " } }
        let families = FindingFamily.allCases
        #expect(headings == families.map { "# \($0.rawValue): \($0.title)" })
        #expect(names == families.flatMap(\.findings).map { $0.rawValue[...] })
        #expect(lines.allSatisfy { $0.count <= columns && !$0.contains("…") })
    }

    @Test("where there is room a finding is one line")
    func wide() {
        #expect(
            list(width: 160).contains(
                "frame-client-unmasked                error    the client sent a frame without a mask"))
    }

    @Test("an explanation has name, meaning, severity, rule and paragraph", arguments: FindingID.allCases)
    func explanation(id: FindingID) {
        var output: [UInt8] = []
        Catalogue(width: 100).explain(id, to: &output)
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let paragraph = lines.drop { !$0.isEmpty }.dropFirst().dropLast()
        #expect(lines.first?.hasPrefix("\(id.rawValue): ") == true)
        #expect(lines.contains("\(id.severity.rawValue), \(id.reference)"))
        #expect(paragraph.joined(separator: " ") == id.explanation)
        #expect(paragraph.allSatisfy { $0.count <= 78 })
    }
}
