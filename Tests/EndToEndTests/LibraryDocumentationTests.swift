import Foundation
import Testing

/// The program in the library's documentation is built with the tests, from nothing but what the library offers to others.
@Suite("The library's documentation")
struct LibraryDocumentationTests {
    static let article = "Sources/TapAnalysis/TapAnalysis.docc/DecodingFrames.md"

    @Test("shows the program that is built")
    func source() throws {
        let article = try text(LibraryDocumentationTests.article)
        #expect(article.contains("```swift\n\(try text("Examples/decode-frames/main.swift"))```\n"))
    }

    @Test("shows what the program prints")
    func output() throws {
        let blocks = DocumentedBlock.all(in: LibraryDocumentationTests.article)
        try #require(blocks.count == 1)
        try blocks[0].check()
    }

    @Test("becomes an archive, and every link in it leads somewhere")
    func archive() throws {
        let folder = try TemporaryFolder()
        let build = Wstap.binary.deletingLastPathComponent().path
        let result = try Wstap.shell(
            "'\(Wstap.project.path)/scripts/make-documentation' '\(build)' '\(folder.path("archive"))'")
        #expect(result.status == 0, "\(result.errors)")
        let article = folder.path("archive/data/documentation/tapanalysis/decodingframes.json")
        #expect(FileManager.default.fileExists(atPath: article))
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Wstap.project.appendingPathComponent(path), encoding: .utf8)
    }
}
