import ArgumentParser
import TapCore
import TapReports
import TapWebSocket

/// The names of findings, as users type them.
enum FindingName {
    /// The finding with this name; if there is no such name, the error says which one may be meant.
    static func parse(_ name: some StringProtocol) throws -> FindingID {
        let name = String(name)
        if let id = FindingID(rawValue: name) { return id }
        throw ValidationError("there is no finding “\(TerminalText.escape(name))”; \(hint(for: name))")
    }

    /// A comma-separated list of them.
    static func parseList(_ names: String) throws -> [FindingID] {
        try names.split(separator: ",").map(parse)
    }

    private static func hint(for name: String) -> String {
        let names = FindingID.allCases.map(\.rawValue)
        let near = name.isEmpty ? [] : names.filter { $0.contains(name) }
        switch near.count {
        case 0: return nearest(to: name, among: names).map { "did you mean \($0)?" } ?? "`wstap explain` lists them all"
        case 1...5: return "did you mean \(near.joined(separator: ", "))?"
        default: return "\(near.count) names contain it; `wstap explain` lists them all"
        }
    }

    /// Names are long and share their words, so most of the letters must be right.
    private static func nearest(to name: String, among names: [String]) -> String? {
        // What is much longer than any name is none that was misspelled.
        guard name.utf8.count <= 64 else { return nil }
        let near = names.map { (name: $0, distance: NameDistance.between(name, $0)) }
        return near.filter { $0.distance <= $0.name.count / 3 }.min { $0.distance < $1.distance }?.name
    }
}
