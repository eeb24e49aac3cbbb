import TapCore
import TapHTTP2
import TapTestSupport

/// HTTP/2 frames and header blocks of both directions: where bytes are cut changes nothing that is given, limits are kept,
/// nothing is given that was not sent, and nobody is accused in the middle of a connection.
///
/// The input is a script: bytes of either direction, frames of every type, header blocks of an encoder with a table, and holes.
enum HTTP2Target {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let options = input.byte()
        let steps = HTTP2Script.steps(of: &input, begins: options & 3 != 3)
        let whole = read(steps, options, single: false)
        let single = read(steps, options, single: true)
        Property.hold(whole.items == single.items, "what is given is the same byte by byte")
        if options & 3 == 3 {
            Property.hold(!accusesOfFrames(whole.items), "in the middle no frame is a violation")
        }
        let sent = steps.reduce(0) { $0 + $1.bytes.count }
        Property.hold(whole.given <= sent, "no more is given than was sent")
    }

    /// Whether there is a violation that only who knows every frame can tell: those of a tunnel's own head are others.
    private static func accusesOfFrames(_ items: [HTTP2Script.Item]) -> Bool {
        items.contains { item in
            guard case .event(.violation(let violation), _) = item else { return false }
            switch violation.rule {
            case .protocolWithoutConnect, .pseudoFieldMissing, .pseudoFieldRepeated, .pseudoFieldUnknown,
                .pseudoFieldMisplaced, .connectionField, .fieldNameInvalid, .fieldValueInvalid, .statusInvalid,
                .statusSwitchingProtocols:
                return false
            case _: return true
            }
        }
    }

    private static func read(_ steps: [HTTP2Script.Step], _ options: UInt8, single: Bool) -> FuzzHTTP2Sink {
        var limits = HTTP2Limits()
        limits.streams = 8
        limits.candidates = 4
        limits.candidateBytes = 64
        limits.ignoredStreams = 8
        limits.blockBytes = 512
        limits.headBytes = 2_048
        limits.tableBytes = options & 16 == 0 ? 4_096 : 8_192
        limits.tableRestarts = 3
        limits.violations = 16
        limits.settings = 8
        limits.openSettings = 4
        let beginning: HTTP2Beginning =
            switch options & 3 {
            case 0, 1: .preface(client: .fromFirst)
            case 2: .upgrade(client: .fromFirst, settings: [0, 4, 0, 0, 0, 50])
            case _: .inside(client: options & 4 == 0 ? nil : .fromFirst)
            }
        var connection = HTTP2Connection(beginning, limits: limits)
        var sink = FuzzHTTP2Sink(interest: [.wanted, .undecided, .unwanted, .wanted][Int(options >> 6)])
        var packet = header(0)
        for (index, step) in steps.enumerated() {
            packet = header(UInt64(index))
            switch step {
            case .bytes(let direction, let bytes):
                for piece in single ? FuzzInput.single(bytes) : [bytes] {
                    connection.receive(piece.span.bytes, on: direction, in: packet, into: &sink)
                }
            case .missing(let direction, let count):
                connection.miss(count, on: direction, before: packet, into: &sink)
            case .end(let direction): connection.end(direction, in: packet, into: &sink)
            }
            Property.hold(connection.openStreamCount <= limits.streams, "no more streams are followed than allowed")
        }
        connection.finish(in: packet, into: &sink)
        return sink
    }

    /// A second between packets, so that windows may be exhausted for long.
    private static func header(_ number: UInt64) -> PacketHeader {
        PacketHeader(
            number: PacketNumber(number), timestamp: Timestamp(nanoseconds: Int64(number) * 1_000_000_000),
            linkType: .ethernet, originalLength: 0)
    }
}

struct FuzzHTTP2Sink: HTTP2Sink {
    let interest: HTTP2Interest
    var items: [HTTP2Script.Item] = []
    var given = 0

    init(interest: HTTP2Interest) { self.interest = interest }

    mutating func received(
        _ data: RawSpan, of stream: HTTP2StreamID, on direction: Direction, in packet: PacketHeader
    ) -> HTTP2Interest {
        given += data.byteCount
        // How much of a frame came at once before its receiver wanted no more of the stream is no matter.
        if interest == .unwanted { return interest }
        if case .data(stream, direction, let bytes)? = items.last {
            items[items.count - 1] = .data(stream, direction, bytes + [UInt8](data))
        } else {
            items.append(.data(stream, direction, [UInt8](data)))
        }
        return interest
    }

    mutating func missed(
        _ loss: HTTP2Loss, of stream: HTTP2StreamID, on direction: Direction, before packet: PacketHeader
    ) {
        items.append(.missed(stream, direction, loss))
    }

    mutating func found(_ event: HTTP2Event, on direction: Direction, in packet: PacketHeader) {
        items.append(.event(event, direction))
    }
}
