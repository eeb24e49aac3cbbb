import Foundation
import Testing

/// Exports that other programs take in line by line.
@Suite("Logs for other programs")
struct LogExportTests {
    static let captures =
        Wstap.samples + [
            "conformance/message-not-utf8.pcap", "conformance/frame-reserved-opcode.11.pcap",
            "conformance/capture-midstream.pcap", "conformance/close-missing.rst.pcap",
            "conformance/handshake-refused.401.pcap", "conformance/capture-one-sided.server.pcap", "others/http.pcap",
        ]

    @Test("CSV and TSV hold the frames that the records hold", arguments: captures, ["csv", "tsv"])
    func tables(name: String, format: String) throws {
        let folder = try TemporaryFolder()
        let table = try Consumer.export(Wstap.sample(name), to: format, in: folder)
        try Consumer.run("tables.py", [format, table, Consumer.records(Wstap.sample(name), in: folder)])
    }

    @Test("a reader of Zeek's logs finds the connections", arguments: captures, ["zeek": "tabs", "zeek-json": "json"])
    func zeek(name: String, format: (key: String, value: String)) throws {
        let folder = try TemporaryFolder()
        let log = try Consumer.export(Wstap.sample(name), to: format.key, in: folder)
        try Consumer.run("zeek.py", [format.value, log, Consumer.records(Wstap.sample(name), in: folder)])
    }

    @Test("Suricata's events are as its schema says, one for each frame and each finding", arguments: captures)
    func suricata(name: String) throws {
        let folder = try TemporaryFolder()
        let events = try Consumer.export(Wstap.sample(name), to: "suricata", in: folder)
        try Consumer.run("eve.py", [events, Consumer.records(Wstap.sample(name), in: folder)])
    }

    @Test(
        "documents for Elasticsearch keep to its schema, and hold the records", arguments: captures,
        ["ecs", "elastic"])
    func elastic(name: String, format: String) throws {
        let folder = try TemporaryFolder()
        let documents = try Consumer.export(Wstap.sample(name), to: format, in: folder)
        try Consumer.run("elastic.py", [format, documents, Consumer.records(Wstap.sample(name), in: folder)])
    }
}
