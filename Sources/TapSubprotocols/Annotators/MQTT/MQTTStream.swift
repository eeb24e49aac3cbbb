import TapWebSocket

/// Splits what one side sends into packets of MQTT: a message may hold several, and a packet may lie in several messages.
/// MQTT 3.1.1 §6, MQTT 5 §6.0.
struct MQTTStream: Sendable {
    struct Packet {
        /// Type and flags.
        let first: UInt8
        /// What follows the length, or of a long packet its beginning.
        let body: ArraySlice<UInt8>
        /// How long that is on the wire.
        let length: Int
        /// Where the body begins in the message in which the packet ends; negative in an earlier one.
        let offset: Int
    }

    /// Of a longer packet only the beginning is kept, while it is not whole.
    static let keptLength = 64 << 10

    private var pending: [UInt8] = []
    /// Bytes of earlier messages that belong to the packet in progress.
    private var earlier = 0

    /// Whether a packet is in progress, of which the type is known, and so the first byte of the message is not its own.
    var firstOfPending: UInt8? { pending.first }

    /// Takes a message, and returns the packets that end in it; a place where none can begin is a fault.
    mutating func receive(_ payload: [UInt8]) -> (packets: [Packet], fault: Int?) {
        var packets: [Packet] = []
        var index = 0
        if !pending.isEmpty {
            guard let (header, length) = header(payload) else {
                guard pending.count + payload.count < 5 else { return (packets, lose()) }
                pending += payload
                earlier += payload.count
                return (packets, nil)
            }
            let whole = header + length
            let needed = whole - earlier
            let room = max(0, MQTTStream.keptLength + 5 - pending.count)
            guard needed <= payload.count else {
                pending += payload.prefix(room)
                earlier += payload.count
                return (packets, nil)
            }
            let bytes = pending + payload[..<needed].prefix(room)
            packets.append(
                Packet(
                    first: bytes[0], body: bytes[min(header, bytes.count)...], length: length, offset: header - earlier)
            )
            pending = []
            earlier = 0
            index = needed
        }
        while index < payload.count {
            guard MQTTStream.canBegin(payload[index]) else { return (packets, index) }
            switch MQTTStream.length(payload[(index + 1)...]) {
            case .fault: return (packets, index)
            case .incomplete:
                pending = Array(payload[index...])
                earlier = pending.count
                return (packets, nil)
            case .length(let length, let width):
                let start = index + 1 + width
                guard payload.count - start >= length else {
                    pending = Array(payload[index...].prefix(MQTTStream.keptLength + 5))
                    earlier = payload.count - index
                    return (packets, nil)
                }
                packets.append(
                    Packet(
                        first: payload[index], body: payload[start..<(start + length)], length: length, offset: start))
                index = start + length
            }
        }
        return (packets, nil)
    }

    private mutating func lose() -> Int {
        pending = []
        earlier = 0
        return 0
    }

    /// The lengths of the header and of what follows it, of the packet in progress.
    private func header(_ payload: [UInt8]) -> (Int, Int)? {
        let bytes = pending.prefix(5) + payload.prefix(5)
        guard case .length(let length, let width) = MQTTStream.length(bytes.dropFirst()) else { return nil }
        return (1 + width, length)
    }

    private enum Length {
        case length(Int, width: Int)
        case incomplete
        case fault
    }

    /// §2.2.3 (3.1.1), §1.5.5 (5): at most four bytes.
    private static func length(_ bytes: ArraySlice<UInt8>) -> Length {
        var scanner = ByteScanner(bytes)
        if let length = scanner.variableLength(upTo: 4) {
            return .length(Int(clamping: length), width: scanner.index - bytes.startIndex)
        }
        return bytes.count < 4 ? .incomplete : .fault
    }

    /// Whether a message is nothing but whole packets of a side, each of which begins as one of its type does.
    static func isWhole(_ payload: [UInt8], from sender: Sender) -> Bool {
        var stream = MQTTStream()
        let (packets, fault) = stream.receive(payload)
        return fault == nil && stream.pending.isEmpty && !packets.isEmpty
            && packets.allSatisfy { $0.isPlausible(from: sender) }
    }

    /// The flags that each type may have. §2.2.2 (3.1.1), §2.1.3 (5).
    private static func canBegin(_ byte: UInt8) -> Bool {
        switch byte >> 4 {
        case 0: false
        case 3: byte & 0x06 != 0x06
        case 6, 8, 10: byte & 0x0F == 0x02
        default: byte & 0x0F == 0
        }
    }
}

extension MQTTStream.Packet {
    /// Whether it may be from that side, and is long enough for its type; topics are UTF-8 without wildcards.
    fileprivate func isPlausible(from sender: Sender) -> Bool {
        var scanner = ByteScanner(body)
        let type = first >> 4
        switch type {
        case 1:
            let name = scanner.prefixed16()
            return sender == .client && (name?.elementsEqual("MQTT".utf8) == true || name?.count == 6)
        case 2: return sender == .server && length >= 2 && body.first.map { $0 <= 1 } == true
        case 3:
            guard let topic = scanner.prefixed16(), String(validating: topic, as: UTF8.self) != nil else {
                return false
            }
            return topic.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "+") }
        case 4...7:
            return length == 2 || length > 3 || (length == 3 && body.last.map { $0 >= 0x80 || $0 == 0x10 } == true)
        case 8, 10: return sender == .client && length >= 5
        case 9: return sender == .server && length >= 3
        case 11: return sender == .server && (length == 2 || length >= 4)
        case 12: return sender == .client && length == 0
        case 13: return sender == .server && length == 0
        default: return length == 0 || length >= 1 && body.first.map { $0 == 0 || $0 == 4 || $0 >= 0x18 } == true
        }
    }
}
