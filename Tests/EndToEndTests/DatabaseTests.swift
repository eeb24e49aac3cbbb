import Foundation
import Testing

@Suite("The SQLite database")
struct DatabaseTests {
    static let captures =
        Wstap.samples + [
            "conformance/message-not-utf8.pcap", "conformance/message-inflate-failed.pcap",
            "conformance/capture-midstream.pcap", "conformance/close-body-too-short.pcap",
            "conformance/request-key-repeated.pcap",
            "conformance/handshake-unanswered.pcap", "others/http.pcap", "subprotocols/mqtt.pcap",
            "subprotocols/jsonrpc.pcap", "subprotocols/stomp.pcap",
            "tls/node.pcapng", "tls/no-key.pcapng", "tls/wrong-key.pcapng", "tls/alert-untrusted.pcapng",
            "tls/late-key-update.pcapng", "tls/late-three.pcapng",
            "faults/stalled-receiver.pcap", "faults/refusal.pcap", "faults/dead-upstream.pcap",
        ]

    @Test("holds what the records hold", arguments: captures)
    func tables(name: String) throws {
        let folder = try TemporaryFolder()
        let database = try Consumer.export(Wstap.sample(name), to: "sqlite", in: folder)
        let frames = try Consumer.records(Wstap.sample(name), in: folder)
        let messages = folder.path("messages.ndjson")
        try Wstap.run(["read", "--format", "ndjson", "--messages", Wstap.sample(name)]).outputBytes
            .write(to: URL(fileURLWithPath: messages))
        try Consumer.run("sqlite.py", [database, frames, messages])
    }

    @Test("answers the questions in the README as the README says")
    func questions() throws {
        let path = Wstap.project.appendingPathComponent("README.md")
        let blocks = try String(contentsOf: path, encoding: .utf8).components(separatedBy: "\n```\n")
        let block = try #require(blocks.first { $0.hasPrefix("$ wstap export") && $0.contains("$ sqlite3 ") })
        let parts = ("\n" + block).components(separatedBy: "\n$ ").dropFirst()
        let folder = try TemporaryFolder()
        let export = try #require(parts.first?.components(separatedBy: "\n").first)
        let made = try Wstap.shell(
            "cd '\(Wstap.project.path)'; \(export.replacing("-o traffic.db", with: "-o '\(folder.path("traffic.db"))'"))"
        )
        #expect(made.status == 0, "\(made.errors)")
        var questions = 0
        for part in parts.dropFirst() {
            let quotes = part.components(separatedBy: "\"")
            try #require(part.hasPrefix("sqlite3 traffic.db \"") && quotes.count == 3)
            let answer = try Consumer.run("sqlite.py", [folder.path("traffic.db"), quotes[1]])
            #expect(answer == quotes[2].dropFirst() + "\n")
            questions += 1
        }
        #expect(questions == 5)
    }

    @Test("a file that is there is replaced, and names mean files")
    func path() throws {
        let folder = try TemporaryFolder()
        let result = try Wstap.shell(
            "cd '\(folder.url.path)' && for _ in 1 2; do wstap export \(Wstap.sample("chat.pcap")) --to sqlite -o :memory: "
                + "|| exit; done; ls")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == ":memory:\n")
    }

    @Test("standard output is no database")
    func standardOutput() throws {
        #expect(try Wstap.run(["export", Wstap.sample("chat.pcap"), "--to", "sqlite", "-o", "-"]).status == 64)
    }
}
