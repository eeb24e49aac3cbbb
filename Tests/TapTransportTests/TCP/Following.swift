import TapCore
import TapTestSupport
import TapTransport
import Testing

/// Follows segments, and shows that every call to the sink kept to its contract.
func follow(
    _ segments: [ScriptedSegment], limits: StreamLimits = StreamLimits(), times: [Int64]? = nil,
    interest: Int = .max, isFinished: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
) -> RecordingSink {
    let sink = RecordingSink(
        following: segments, limits: limits, times: times, interest: interest, isFinished: isFinished)
    #expect(sink.breaches == [], sourceLocation: sourceLocation)
    if isFinished {
        #expect(sink.flows.allSatisfy { $0.end != nil }, "each flow is closed", sourceLocation: sourceLocation)
    }
    return sink
}

extension RecordingSink.Flow {
    /// The stream of the client of a conversation with the usual endpoints.
    var client: RecordingSink.Stream { stream(from: Endpoint("192.0.2.1", 49_152)) }
    var server: RecordingSink.Stream { stream(from: Endpoint("198.51.100.2", 80)) }
}

extension RecordingSink.Stream {
    /// What was not taken of it, and why.
    struct Ignored: Equatable {
        let reason: IgnoredSegment.Reason
        var length = 0

        init(_ reason: IgnoredSegment.Reason, length: Int = 0) {
            self.reason = reason
            self.length = length
        }
    }

    var ignored: [Ignored] {
        anomalies.compactMap { anomaly in
            guard case .ignored(let segment) = anomaly else { return nil }
            return Ignored(segment.reason, length: segment.length)
        }
    }
}

extension Conversation {
    /// A conversation whose handshake is done.
    static var opened: Conversation {
        var conversation = Conversation()
        conversation.handshake()
        return conversation
    }

    /// Adds a segment of the client at an offset of its stream, as if it had nothing to do with the others.
    mutating func clientBytes(_ text: String, at offset: Int, flags: TCPFlags = [.ack]) {
        var other = Conversation(clientISN: 1_001 &+ UInt32(truncatingIfNeeded: offset), serverISN: 500_001)
        other.add(.client, flags, Array(text.utf8))
        segments += other.segments
    }

    /// Lets the server acknowledge the client's stream up to an offset.
    mutating func serverAcknowledges(upTo offset: Int, times: Int = 1) {
        var other = Conversation(clientISN: 1_001 &+ UInt32(truncatingIfNeeded: offset), serverISN: 500_001)
        for _ in 0..<times { other.acknowledge(from: .server) }
        segments += other.segments
    }
}
