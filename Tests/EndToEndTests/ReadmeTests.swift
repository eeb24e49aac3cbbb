import Foundation
import Testing

/// What the README shows is what its commands print, in a terminal of 100 columns.
@Suite("The README")
struct ReadmeTests {
    struct Example: CustomTestStringConvertible, Sendable {
        let command: String
        let output: String
        var testDescription: String { command }
    }

    /// The commands on samples, with the lines that follow them.
    static let examples: [Example] = {
        let path = Wstap.project.appendingPathComponent("README.md")
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        let blocks = text.components(separatedBy: "\n```\n").filter { $0.hasPrefix("$ ") }
        return blocks.flatMap { block in
            ("\n" + block).components(separatedBy: "\n$ ").dropFirst().compactMap { part in
                let lines = part.components(separatedBy: "\n")
                let isRunnable = lines[0].hasPrefix("wstap ") && !lines[0].contains("-o ")
                return isRunnable
                    ? Example(command: lines[0], output: lines.dropFirst().joined(separator: "\n")) : nil
            }
        }
    }()

    @Test("there are examples to check")
    func hasExamples() { #expect(ReadmeTests.examples.count >= 4) }

    @Test("prints what its commands print", arguments: examples)
    func example(_ example: Example) throws {
        let result = try Wstap.shell("cd '\(Wstap.project.path)'; export COLUMNS=100; \(example.command)")
        #expect(result.output == example.output + "\n")
    }
}
