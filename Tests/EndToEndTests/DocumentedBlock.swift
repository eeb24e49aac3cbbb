import Foundation
import Testing

/// A block of a page that shows commands, in lines that begin with `$`, and below each what it prints.
struct DocumentedBlock: CustomTestStringConvertible, Sendable {
    struct Command: Sendable {
        let line: String
        let output: String

        /// The word that a command begins with.
        var program: String { line.prefix { $0 != " " }.description }
    }

    let commands: [Command]

    var testDescription: String { commands.first?.line ?? "no command" }

    /// The program of its first command.
    var program: String { commands.first?.program ?? "" }

    /// The blocks of a page, which is named by its place in the project; none where it cannot be read, so count them.
    static func all(in page: String) -> [DocumentedBlock] {
        let path = Wstap.project.appendingPathComponent(page)
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n```\n").filter { $0.hasPrefix("$ ") }.map(DocumentedBlock.init)
    }

    private init(_ text: String) {
        commands = ("\n" + text).components(separatedBy: "\n$ ").dropFirst().map { part in
            let lines = part.components(separatedBy: "\n")
            return Command(line: lines[0], output: lines.dropFirst().map { $0 + "\n" }.joined())
        }
    }

    /// Runs the commands one after the other, in a terminal of 100 columns and a folder where the samples are, and expects
    /// what the page shows, byte by byte, but for the line ends of CSV.
    /// - Parameter elsewhere: programs that are not run: they need more than the samples.
    func check(elsewhere: Set<String> = []) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("samples"), withDestinationPath: Wstap.project.appendingPathComponent("samples").path)
        let programs = Wstap.binary.deletingLastPathComponent().path
        for command in commands where !elsewhere.contains(command.program) {
            let result = try Wstap.shell(
                "cd '\(folder.url.path)'; export COLUMNS=100 PATH='\(programs)':\"$PATH\"; \(command.line)")
            #expect(result.output.replacing("\r\n", with: "\n") == command.output, "\(command.line)")
            #expect(result.errors.isEmpty, "\(command.line)")
        }
    }
}
