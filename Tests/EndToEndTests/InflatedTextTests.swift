import Foundation
import TapTestSupport
import Testing

/// A frame's bytes, what they inflate to, and the message's text are three things, each with its name.
@Suite("What frames inflate to")
struct InflatedTextTests {
    @Test("is, joined, what their message is", arguments: Wstap.samples)
    func joined(name: String) throws {
        let run = try Wstap.run(
            ["read", "--format", "ndjson", "--events", "frame,message", Wstap.sample(name)])
        let frames = run.records("frame")
        for message in run.records("message") where message["inflated"] as? Bool == true {
            let parts = frames.filter {
                $0["connection"] as? Int == message["connection"] as? Int
                    && $0["message"] as? Int == message["number"] as? Int
            }
            let lengths = parts.compactMap { $0["inflated_length"] as? Int }
            #expect(lengths.count == parts.count || parts.contains { $0["length"] as? Int == 0 })
            #expect(lengths.reduce(0, +) == message["length"] as? Int)
            guard message["payload_encoding"] as? String == "utf8", parts.count == 1 else { continue }
            #expect(parts.first?["text"] as? String == message["payload"] as? String)
        }
        for frame in frames where frame["rsv1"] as? Bool == false && frame["fin"] as? Bool == true {
            #expect(frame["inflated_length"] == nil || frame["kind"] as? String == "continuation")
        }
    }

    @Test("is absent without payloads, cut with a preview, and stands behind the other columns of CSV")
    func options() throws {
        let sample = Wstap.sample("deflate-chromium.pcap")
        let none = try Wstap.run(["read", "--format", "ndjson", "--payload", "none", sample])
        #expect(none.records("frame").allSatisfy { $0["text"] == nil })
        #expect(none.records("frame").contains { $0["inflated_length"] != nil })
        let csv = try Wstap.run(["export", "--to", "csv", "-o", "-", sample]).output
        #expect(csv.hasPrefix("connection,number,"))
        let header = try #require(csv.split(separator: "\r\n").first)
        let application =
            "app_protocol,app_kind,app_name,app_id,app_error,app_reply_to,app_latency_seconds,app_summary"
        #expect(header.hasSuffix(",findings,inflated_length,text,connection_id,\(application)"))
    }
}
