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
}
