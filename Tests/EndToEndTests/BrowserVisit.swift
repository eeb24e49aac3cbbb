import Foundation
import Testing

/// A report, opened in a browser by `Tests/Browser/open-report.py`.
struct BrowserVisit {
    let facts: [String: Any]

    /// - Parameters:
    ///   - axe: whether the page is looked at for what keeps people from using it.
    ///   - pattern: a regular expression to search with, after connections were sorted and chosen.
    ///   - width: of the window, in pixels.
    init(_ report: String, search: String, axe: Bool = false, pattern: String? = nil, width: Int = 1_400) throws {
        var arguments = [Wstap.project.appendingPathComponent("Tests/Browser/open-report.py").path, report]
        arguments += ["--search", search, "--width", "\(width)"] + (pattern.map { ["--pattern", $0] } ?? [])
        if axe {
            // It comes along with a module for Python, see Tests/Consumers/requirements.txt.
            let script = ".build/python/axe_playwright_python/axe.min.js"
            arguments += ["--axe", Wstap.project.appendingPathComponent(script).path]
        }
        let result = try Wstap.run(
            "/usr/bin/python3", arguments, environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        try #require(result.status == 0, "\(result.errors)")
        facts = try #require(JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any])
    }

    func text(_ name: String) -> String { facts[name] as? String ?? "" }
    func number(_ name: String) -> Int { facts[name] as? Int ?? .max }
    func list(_ name: String) -> [Any] { facts[name] as? [Any] ?? ["\(name) is missing"] }
    var search: [String: Any] { facts["search"] as? [String: Any] ?? [:] }
    var connections: [String: Any] { facts["connections"] as? [String: Any] ?? [:] }
    var keys: [String: String] { facts["keys"] as? [String: String] ?? [:] }

    /// What axe-core found, by colour scheme; how many of its rules were kept.
    func accessibility(_ scheme: String) -> (violations: [Any], passes: Int) {
        let result = (facts["axe"] as? [String: Any])?[scheme] as? [String: Any]
        return (result?["violations"] as? [Any] ?? ["nothing was looked at"], result?["passes"] as? Int ?? 0)
    }
}
