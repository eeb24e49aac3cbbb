import Foundation
import Testing

/// Reports of inputs that cannot be read: they must not look like those of inputs in which nothing was found.
@Suite("Reports of inputs that cannot be read")
struct UnreadableInputTests {
    static let inputs: [(name: String, content: Data)] = [
        ("text.pcap", Data("not a capture".utf8)), ("header.pcap", BadInputTests.chat.prefix(20)),
        ("record.pcap", BadInputTests.chat.prefix(24 + 9)), ("packet.pcap", BadInputTests.chat.prefix(24 + 16 + 30)),
    ]

    @Test("JUnit has an error and SARIF an unsuccessful run, and nothing else is written", arguments: inputs.indices)
    func buildServers(index: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(UnreadableInputTests.inputs[index].name, UnreadableInputTests.inputs[index].content)
        let junit = try Wstap.run(["verify", "--format", "junit", path])
        #expect(junit.output.contains(#"errors="1""#) && junit.output.contains("<error type=\"unreadable\""))
        let sarif = try Wstap.run(["verify", "--format", "sarif", path])
        let log = try JSONSerialization.jsonObject(with: sarif.outputBytes) as? [String: Any]
        let run = try #require((log?["runs"] as? [[String: Any]])?.first)
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        let notifications = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
        #expect(invocation["executionSuccessful"] as? Bool == false)
        #expect(notifications.first?["level"] as? String == "error")
        for format in ["table", "json", "ndjson"] {
            let result = try Wstap.run(["verify", "--format", format, path])
            #expect(result.status == 2 && result.output.isEmpty && result.errors.contains(path))
        }
        #expect(junit.status == 2 && sarif.status == 2)
    }

    @Test("one that broke off is an error in them, beside what was read")
    func brokenOff() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("cut.pcap", BadInputTests.chat.dropLast(3))
        let junit = try Wstap.run(["verify", "--format", "junit", path])
        #expect(junit.output.contains("<testsuite name=\"#1 ") && junit.output.contains("<error type=\"unreadable\""))
        let sarif = try Wstap.run(["verify", "--format", "sarif", path])
        #expect(sarif.output.contains(#""executionSuccessful":false"#))
        let har = try Wstap.run(["export", "--to", "har", "-o", "-", path])
        #expect(har.output.contains("cut off in the middle of a packet"))
    }

    @Test(
        "what an output file held stays where nothing of the input can be read, and no new one is made",
        arguments: ["har", "csv", "html", "ndjson", "sqlite", "pcapng"])
    func outputs(format: String) throws {
        for (name, content) in UnreadableInputTests.inputs {
            let folder = try TemporaryFolder()
            let input = try folder.file(name, content)
            let output = try folder.file("output", Data("of yesterday".utf8))
            #expect(try Wstap.run(["export", input, "--to", format, "-o", output]).status == 2)
            #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("of yesterday".utf8), "\(name)")
            #expect(try Wstap.run(["export", input, "--to", format, "-o", folder.path("new")]).status == 2)
            #expect(!FileManager.default.fileExists(atPath: folder.path("new")), "\(name)")
        }
    }

    @Test("what an output file held is gone where something can", arguments: ["har", "csv", "sqlite"])
    func replaced(format: String) throws {
        let folder = try TemporaryFolder()
        let output = try folder.file("output", Data(repeating: 0x2A, count: 1_000_000))
        let again = folder.path("again")
        for path in [output, again] {
            #expect(try Wstap.run(["export", Wstap.sample("chat.pcap"), "--to", format, "-o", path]).status == 0)
        }
        let (replaced, new) = (URL(fileURLWithPath: output), URL(fileURLWithPath: again))
        #expect(try Data(contentsOf: replaced).count == Data(contentsOf: new).count)
    }
}
