import Foundation
import Testing

/// The modules stand on floors, and each sees only what lies below it: docs/architecture.md.
@Suite("The floors of the modules")
struct FloorTests {
    /// From the ground up; of one floor none sees another.
    static let floors: [Set<String>] = [
        ["TapCore"],
        ["TapSources", "TapTransport", "TapHTTP", "TapSecurity"],
        ["TapHTTP2", "TapQUIC", "TapWebSocket"],
        ["TapHTTP3", "TapSubprotocols"],
        ["TapAnalysis"],
        ["TapReports", "TapRedaction", "TapFilters"],
        ["TapDatabase"],
        ["wstap", "WebSocketTap"],
    ]

    /// Only the program reads captures, and the library offers to: everybody else is given bytes.
    static let readers: Set<String> = ["wstap", "WebSocketTap"]

    @Test("a module imports those of lower floors", arguments: floors.flatMap { $0.sorted() })
    func imports(module: String) throws {
        let floor = try #require(Self.floors.firstIndex { $0.contains(module) })
        let below = Self.floors[..<floor].reduce(into: Set<String>()) { $0.formUnion($1) }
        let found = try Self.imports(of: module)
        let ours = found.filter { name in Self.floors.contains { $0.contains(name) } }
        #expect(ours.isSubset(of: below), "\(module) imports \(ours.subtracting(below).sorted())")
        #expect(!ours.contains("TapSources") || Self.readers.contains(module))
        #expect(!ours.isEmpty || floor == 0)
    }

    @Test("each module stands on a floor")
    func all() throws {
        let sources = Wstap.project.appendingPathComponent("Sources").path
        let modules = try FileManager.default.contentsOfDirectory(atPath: sources).filter { !$0.hasPrefix("C") }
        #expect(Set(modules) == Self.floors.reduce(into: []) { $0.formUnion($1) })
    }

    private static func imports(of module: String) throws -> Set<String> {
        let folder = Wstap.project.appendingPathComponent("Sources/\(module)")
        let files = try #require(FileManager.default.enumerator(atPath: folder.path))
        var found: Set<String> = []
        for case let name as String in files where name.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                    words[..<place].allSatisfy({ ["public", "package", "@preconcurrency", "@_exported"].contains($0) })
                else { continue }
                found.insert(String(words[place + 1]))
            }
        }
        return found
    }
}
