import TapCore
import TapHTTP2
import TapHTTP3
import TapTestSupport

/// HTTP/3 frames, field sections and insertions on streams of both peers: where bytes are cut changes nothing that is given as long as none
/// are missing, and nothing is given that was not sent.
///
/// The input is a script: bytes of any stream and direction, frames, requests, insertions, holes and ends.
enum HTTP3Target {
    private enum Step {
        case bytes(UInt64, Direction, [UInt8])
        case missing(UInt64, Direction, UInt64)
        case end(UInt64, Direction)
        case reset(UInt64, Direction)
    }

    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let options = input.byte()
        var steps: [Step] = []
        while !input.isEmpty, steps.count < 64 { steps.append(step(of: &input)) }
        let whole = read(steps, options, single: false)
        let hasHole = steps.contains { if case .missing = $0 { true } else { false } }
        if !hasHole {
            let single = read(steps, options, single: true)
            Property.hold(whole.items == single.items, "what is given is the same byte by byte")
        }
        let sent = steps.reduce(0) { sum, step in
            if case .bytes(_, _, let bytes) = step { sum + bytes.count } else { sum }
        }
        Property.hold(whole.given <= sent, "no more is given than was sent")
    }

    private static func step(of input: inout FuzzInput) -> Step {
        let kind = input.byte()
        let direction: Direction = kind & 0x80 == 0 ? .fromFirst : .fromSecond
        let stream = UInt64(kind >> 4 & 7) * 2 & 0xC
        let length = Int(input.byte())
        switch kind & 15 {
        case 0, 1: return .bytes(stream, direction, HTTP3Bytes.request())
        case 2: return .bytes(stream, direction, HTTP3Bytes.response)
        case 3, 4: return .bytes(stream, direction, HTTP3Bytes.data(input.take(length)))
        case 5: return .bytes(stream, direction, HTTP3Bytes.frame(1, input.take(length)))
        case 6: return .bytes(stream, direction, HTTP3Bytes.frame(UInt64(length), input.take(Int(input.byte()))))
        case 7: return .bytes(direction == .fromFirst ? 2 : 3, direction, HTTP3Bytes.control([(1, 4_096), (8, 1)]))
        case 8: return .bytes(direction == .fromFirst ? 6 : 7, direction, HTTP3Bytes.insertion(":path", "/"))
        case 9: return .bytes(direction == .fromFirst ? 6 : 7, direction, input.take(length))
        case 10: return .missing(direction == .fromFirst ? 6 : 7, direction, UInt64(length))
        case 11: return .missing(stream, direction, UInt64(length))
        case 12: return .end(stream, direction)
        case 13: return .reset(stream, direction)
        case _: return .bytes(UInt64(length & 15), direction, input.take(length))
        }
    }

    private static func read(_ steps: [Step], _ options: UInt8, single: Bool) -> FuzzHTTP2Sink {
        var limits = HTTP2Limits()
        limits.streams = 8
        limits.candidateBytes = 64
        limits.blockBytes = 512
        limits.headBytes = 2_048
        limits.tableBytes = options & 16 == 0 ? 4_096 : 8_192
        limits.violations = 16
        var connection = HTTP3Connection(client: .fromFirst, limits: limits)
        var sink = FuzzHTTP2Sink(interest: [.wanted, .undecided, .unwanted, .wanted][Int(options >> 6)])
        let packet = PacketHeader(
            number: PacketNumber(0), timestamp: Timestamp(nanoseconds: 0), linkType: .ethernet, originalLength: 0)
        var ended: Set<UInt64> = []
        for step in steps {
            switch step {
            case .bytes(let stream, let direction, let bytes):
                // QUIC gives nothing behind an end.
                if ended.contains(stream << 1 | UInt64(direction.rawValue)) { continue }
                for piece in single ? FuzzInput.single(bytes) : [bytes] {
                    _ = connection.receive(piece.span.bytes, of: stream, on: direction, in: packet, into: &sink)
                }
            case .missing(let stream, let direction, let count):
                connection.miss(count, of: stream, on: direction, before: packet, into: &sink)
            case .end(let stream, let direction):
                ended.insert(stream << 1 | UInt64(direction.rawValue))
                connection.end(stream, on: direction, in: packet, into: &sink)
            case .reset(let stream, let direction):
                ended.formUnion([stream << 1, stream << 1 | 1])
                connection.reset(stream, code: 0x10C, on: direction, in: packet, into: &sink)
            }
        }
        connection.finish(in: packet, into: &sink)
        return sink
    }
}
