import Foundation
import TapTestSupport
import Testing

@Suite("Messages as comma-separated values")
struct MessageTableTests {
    @Test("say what the records say", arguments: Wstap.samples)
    func rows(name: String) throws {
        let sample = Wstap.sample(name)
        let messages = try Wstap.run(["read", "--messages", "--format", "ndjson", sample]).records("message")
        let script = """
            import csv, json, sys
            for row in csv.DictReader(sys.stdin): print(json.dumps(row))
            """
        let csv = try Wstap.run(["export", sample, "--to", "csv", "--messages", "-o", "-"])
        #expect(csv.status == 0, "\(csv.errors)")
        let rows = try Wstap.run("/usr/bin/python3", ["-c", script], input: csv.outputBytes).records
        #expect(rows.count == messages.count)
        for (row, message) in zip(rows, messages) {
            for member in [
                "connection", "number", "first_packet", "packet", "first_frame", "frames", "wire_length", "length",
            ] {
                #expect(row[member] as? String == (message[member] as? Int).map { "\($0)" })
            }
            for member in ["first_time", "time", "sender", "kind", "connection_id"] {
                #expect(row[member] as? String == message[member] as? String)
            }
            #expect(row["compressed"] as? String == "\(message["compressed"] as? Bool ?? false)")
            guard row["payload_encoding"] as? String == message["payload_encoding"] as? String else { continue }
            let payload = (message["payload"] as? String ?? "").replacing("\r\n", with: "\n")
            let cell = (row["payload"] as? String ?? "").replacing("\r\n", with: "\n")
            #expect(cell == payload || cell == "'" + payload)
        }
    }
}
