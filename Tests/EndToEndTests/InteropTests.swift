import Foundation
import TapCore
import Testing

/// The captures of `samples/interop`: clients and servers that people use, talking to each other.
@Suite("Clients and servers in use")
struct InteropTests {
    struct Pair: CustomTestStringConvertible, Sendable {
        let name: String
        let connections: Int
        /// The messages that the peers themselves report: one list a connection.
        let fromClient: [[String]]
        let fromServer: [[String]]

        var testDescription: String { name }
    }

    static let pairs: [Pair] = {
        let file = URL(fileURLWithPath: Wstap.sample("interop/expected.json"))
        guard let data = try? Data(contentsOf: file),
            let all = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
        else { return [] }
        return all.sorted { $0.key < $1.key }.map { name, facts in
            Pair(
                name: name, connections: facts["connections"] as? Int ?? -1,
                fromClient: messages(facts["messages_from_client"]), fromServer: messages(facts["messages_from_server"])
            )
        }
    }()

    private static func messages(_ lists: Any?) -> [[String]] {
        let lists = (lists as? [[[String: Any]]] ?? []).map { list in
            list.map { "\($0["kind"] ?? "?") \($0["length"] ?? "?") \($0["sha1"] ?? "?")" }
        }
        return inOrder(lists)
    }

    /// Which connection is which the peers do not say; those without messages tell nothing.
    private static func inOrder(_ lists: [[String]]) -> [[String]] {
        lists.filter { !$0.isEmpty }.sorted { $0.joined() < $1.joined() }
    }

    /// Software that does break a rule, and how; `samples/interop/README.md` shows the packets.
    static let guilty: [String: Set<String>] = [
        "anyevent-websockets-bye.pcap": ["close-code-invalid"],
        "tornado-websockets-no-takeover.pcap": ["message-inflate-failed"],
        "websocket-client-gevent.pcap": ["close-code-invalid"],
        "websockets-flask-sock.pcap": ["frame-after-close"],
        "websockets-libwebsockets-server-window.pcap": ["response-deflate-not-allowed"],
        "websockets-mojolicious-no-takeover.pcap": ["response-deflate-not-allowed"],
        "websockets-tornado-no-takeover.pcap": ["response-deflate-not-allowed"],
        "ws4py-ws4py.pcap": ["response-body-fields"],
    ]

    @Test("there are pairs")
    func present() { #expect(InteropTests.pairs.count >= 25) }

    @Test("nobody is accused who keeps the rules", arguments: pairs)
    func errors(pair: Pair) throws {
        let result = try Wstap.run(["read", "--format", "ndjson", Wstap.sample("interop/\(pair.name)")])
        let errors = result.records("finding").filter { $0["severity"] as? String == "error" }
        #expect(Set(errors.compactMap { $0["id"] as? String }) == InteropTests.guilty[pair.name] ?? [])
        #expect(result.records("connection").count == pair.connections)
    }

    @Test("messages come out byte for byte as the peers report them", arguments: pairs)
    func messages(pair: Pair) throws {
        // What does not inflate the peer did not get either, but it reports what was sent.
        guard InteropTests.guilty[pair.name] != ["message-inflate-failed"] else { return }
        let result = try Wstap.run(["read", "--messages", "--format", "ndjson", Wstap.sample("interop/\(pair.name)")])
        for (sender, expected) in [("client", pair.fromClient), ("server", pair.fromServer)] {
            let messages = result.records("message").filter { $0["sender"] as? String == sender }
            let lists = Dictionary(grouping: messages) { $0["connection"] as? Int ?? 0 }.values.map { $0.map(line) }
            #expect(InteropTests.inOrder(lists) == expected)
        }
    }

    private func line(_ message: [String: Any]) -> String {
        let text = message["payload"] as? String ?? ""
        let isBase64 = message["payload_encoding"] as? String == "base64"
        let payload = isBase64 ? Data(base64Encoded: text) ?? Data() : Data(text.utf8)
        var hash = SHA1()
        hash.update(Array(payload).span.bytes)
        let digest = Hex.string([UInt8](hash.finish().span.bytes))
        return "\(message["kind"] ?? "?") \(message["length"] ?? "?") \(digest)"
    }
}
