import Foundation
import Testing

/// The README's pictures, which `make pictures` makes.
@Suite("Pictures")
struct PictureTests {
    private static let folder = Wstap.project.appendingPathComponent("docs/pictures")

    /// Width and height, where it is a picture in PNG. RFC 2083 §4.1.1.
    private static func size(of picture: Data) -> [UInt32]? {
        guard picture.starts(with: [0x89, 0x50, 0x4E, 0x47]), picture.count > 24 else { return nil }
        return [16, 20].map { start in picture[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    @Test("are of what is printed today")
    func today() throws {
        let folder = try TemporaryFolder()
        let script = Wstap.project.appendingPathComponent("scripts/make-pictures").path
        let result = try Wstap.run(script, [Wstap.binary.path, folder.url.path])
        try #require(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let kept = { try Data(contentsOf: PictureTests.folder.appendingPathComponent($0)) }
        let made = { try Data(contentsOf: folder.url.appendingPathComponent($0)) }
        for name in ["terminal.svg", "statistics.svg"] {
            #expect(try made(name) == kept(name), "`make pictures` makes \(name) again")
        }
        // How letters are drawn differs from machine to machine.
        #expect(try PictureTests.size(of: made("report.png")) == PictureTests.size(of: kept("report.png")))
        #expect(try PictureTests.size(of: kept("report.png"))?[0] == 1_100)
        #expect(try kept("report.png").count < 150_000)
    }

    /// What scripts/terminal-picture makes of a terminal's text.
    private static func drawing(of text: String, _ title: String) throws -> String {
        let script = Wstap.project.appendingPathComponent("scripts/terminal-picture").path
        let result = try Wstap.run("/usr/bin/python3", [script, title], input: Data(text.utf8))
        try #require(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return result.output
    }

    @Test("the drawing of a terminal loads nothing, and shows text as text")
    func drawing() throws {
        let text = "\u{1B}[1;31m<script>&\u{1B}[0m  漢字  \u{1B}[7mfound\u{1B}[0m \u{1B}[2mfaint\u{1B}[0m"
        let drawing = try PictureTests.drawing(of: text, "a \"title\" <b>")
        let elements = drawing.components(separatedBy: "<").dropFirst().map { $0.prefix { $0.isLetter } }
        #expect(Set(elements) == ["", "svg", "rect", "path", "g", "text"])
        #expect(
            drawing.contains(">&lt;script&gt;&amp;</text>")
                && drawing.contains("aria-label=\"a &quot;title"))
        #expect(!drawing.contains("href") && !drawing.contains("url("))
        // Columns: two cells for each of the wide characters.
        #expect(
            drawing.contains(#"<text x="101.8" y="53" textLength="31.2" lengthAdjust="spacingAndGlyphs">漢字<"#))
    }

    @Test("of a reversed row the ground is whole, and words stand in their columns")
    func reversedRow() throws {
        let drawing = try PictureTests.drawing(of: "\u{1B}[7m #1    open      \u{1B}[0m", "top")
        #expect(drawing.contains(##"<rect x="16.0" y="40" width="132.6" height="18" fill="#d5dae1"/>"##))
        #expect(drawing.contains(#"<text x="23.8" y="53" textLength="15.6""#))
        #expect(drawing.contains(#"<text x="70.6" y="53" textLength="31.2""#))
    }

    @Test("the README shows each, and says what is to be seen")
    func shown() throws {
        let readme = try String(contentsOf: Wstap.project.appendingPathComponent("README.md"), encoding: .utf8)
        let names = try FileManager.default.contentsOfDirectory(atPath: PictureTests.folder.path).sorted()
        #expect(names == ["report.png", "statistics.svg", "terminal.svg"])
        let shown = readme.matches(of: /!\[([^\]]{40,})\]\(docs\/pictures\/([^)]+)\)/).map { String($0.2) }
        #expect(shown.sorted() == names)
    }
}
