import TapCore
import TapSecurity

/// TLS records and handshakes: where bytes are cut changes nothing that is given, limits are kept, and nothing stays held.
///
/// The input is a script: bytes of either direction, records that are sealed with a known secret, hellos, holes, and keys.
enum TLSTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let options = input.byte()
        let steps = TLSScript.steps(of: &input)
        let whole = read(steps, options, single: false)
        let single = read(steps, options, single: true)
        // Where a limit was reached, it depends on the pieces which record came first.
        guard !whole.reachedLimit, !single.reachedLimit else { return }
        Property.hold(whole.sink.plain == single.sink.plain, "what is given is the same byte by byte")
        Property.hold(whole.reason == single.reason, "so is why it is not read: \(whole.reason) and \(single.reason)")
    }

    struct Outcome {
        var sink = FuzzTLSSink()
        var reason = ""
        var reachedLimit = false
    }

    private static func read(_ steps: [TLSScript.Step], _ options: UInt8, single: Bool) -> Outcome {
        var limits = TLSLimits()
        limits.tries = 3_000
        limits.heldBytes = 1 << 16
        limits.ciphers = options & 4 == 0 ? 1 : 8
        let log = KeyLog(limits: KeyLog.Limits())
        if options & 1 == 0 { TLSScript.addKeys(to: log) }
        let context = TLSContext(keyLog: log, rsaKeys: [], keysMayCome: options & 2 != 0, limits: limits)
        let packet = PacketHeader(
            number: PacketNumber(1), timestamp: Timestamp(nanoseconds: 0), linkType: .ethernet, originalLength: 0)
        let connection = TLSConnection(isStartCaptured: options & 8 == 0, likelyClient: .first, openedIn: packet)
        var outcome = Outcome()
        for step in steps {
            switch step {
            case .bytes(let direction, let bytes):
                for piece in single ? FuzzInput.single(bytes) : [bytes] {
                    connection.receive(piece.span.bytes, on: direction, in: packet, context, into: &outcome.sink)
                }
            case .missing(let direction, let count):
                connection.miss(count, on: direction, before: packet, context, into: &outcome.sink)
            case .keys:
                TLSScript.addKeys(to: log)
                connection.retry(context, into: &outcome.sink)
            case .end(let direction): connection.end(direction, in: packet, context, into: &outcome.sink)
            }
            Property.hold(context.heldBytes <= limits.heldBytes + 4_096, "no more is held than allowed")
        }
        for direction in TLSDirection.allCases {
            connection.end(direction, in: packet, context, into: &outcome.sink)
        }
        outcome.reason = connection.finish(context, into: &outcome.sink)?.rawValue ?? ""
        Property.hold(context.heldBytes == 0, "nothing is held in the end")
        Property.hold(connection.tries <= limits.tries, "the limit of tries is kept")
        outcome.reachedLimit = connection.tries >= limits.tries / 2 || context.droppedBytes > 0
        return outcome
    }
}

struct FuzzTLSSink: TLSSink {
    var plain: [[UInt8]] = [[], []]

    mutating func received(_ bytes: RawSpan, on direction: TLSDirection, from record: TLSRecordPlace) {
        plain[direction.rawValue].append(bytes)
    }

    mutating func missed(_ loss: TLSLoss, on direction: TLSDirection, before packet: PacketHeader) {}

    mutating func ended(_ direction: TLSDirection, in packet: PacketHeader) {}

    mutating func found(_ event: TLSEvent, on direction: TLSDirection, in packet: PacketHeader) {}
}
