import Foundation
import Testing

@Suite("HTTP archives")
struct HARTests {
    static let captures =
        Wstap.samples + [
            "interop/chromium-ws.pcap", "interop/websockets-websockets-huge.pcap", "conformance/message-not-utf8.pcap",
            "conformance/message-inflate-failed.pcap", "conformance/capture-midstream.pcap",
            "conformance/handshake-unanswered.pcap", "conformance/close-body-too-short.pcap",
            "conformance/request-key-repeated.pcap",
            "conformance/capture-one-sided.server.pcap", "others/http.pcap",
        ]

    @Test("two programs read in them what the records say", arguments: captures)
    func consumers(name: String) throws {
        let folder = try TemporaryFolder()
        let archive = try Consumer.export(Wstap.sample(name), to: "har", in: folder)
        try Consumer.run("har.py", [archive, Consumer.records(Wstap.sample(name), in: folder, ["--messages"])])
    }

    /// A request as the network panel has it after an import.
    private struct Imported: Decodable {
        struct Message: Decodable { let type: String, opcode: Int, text: String }
        let connection: String, url: String, type: String, method: String, status: Int, messages: [Message]
    }

    /// A message as a line, the way of `import-har.py` or that of the records.
    private static func line(_ type: String, _ opcode: Int, _ text: String) -> String { "\(type) \(opcode) \(text)" }

    private static func line(of record: [String: Any]) -> String {
        let opcode = ["continuation": 0, "text": 1, "binary": 2][record["kind"] as? String] ?? -1
        let payload = record["payload"] as? String ?? ""
        let isText = record["payload_encoding"] as? String == "utf8"
        // What is no text stands there in base64.
        let data = isText && opcode != 1 ? Data(payload.utf8).base64EncodedString() : payload
        return line(record["sender"] as? String == "client" ? "send" : "receive", opcode, data)
    }

    @Test("the network panel of Chromium's DevTools imports every connection with its messages")
    func devTools() throws {
        let folder = try TemporaryFolder()
        let files = Wstap.samples.map(Wstap.sample)
        let archive = folder.path("all.har")
        let export = try Wstap.run(["export", "--to", "har", "-o", archive] + files)
        try #require(export.status == 0, "\(export.errors)")
        let script = Wstap.project.appendingPathComponent("Tests/Browser/import-har.py").path
        let result = try Wstap.run(
            "/usr/bin/python3", [script, archive], environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        try #require(result.status == 0, "\(result.errors)")
        let requests = try JSONDecoder().decode([Imported].self, from: result.outputBytes)

        let records = try Wstap.run(["read", "--messages", "--format", "ndjson"] + files)
        let handshakes = records.records("handshake")
        #expect(requests.count == handshakes.count && requests.count > 40)
        #expect(requests.allSatisfy { $0.type == "websocket" && $0.url.hasPrefix("ws://") && $0.method == "GET" })
        let messages = Dictionary(grouping: records.records("message")) { "\($0["connection"] ?? "")" }
        for request in requests {
            let handshake = try #require(handshakes.first { "\($0["connection"] ?? "")" == request.connection })
            #expect(request.status == (handshake["response"] as? [String: Any])?["status"] as? Int)
            let shown = request.messages.map { HARTests.line($0.type, $0.opcode, $0.text) }
            #expect(shown == (messages[request.connection] ?? []).map(HARTests.line(of:)), "\(request.connection)")
        }
    }
}
