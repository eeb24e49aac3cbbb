import TapCore
import TapTestSupport
import TapWebSocket

/// A connection made up from a seed, with all that is to be found of it.
///
/// Its peers keep the rules, but where ``faults`` says what they break.
struct RandomDialogue {
    /// A frame that was sent, and where it lies in the stream of its direction.
    struct SentFrame {
        let facts: FrameFacts
        let header: Range<Int>
        let range: Range<Int>
    }

    struct Queued {
        let frame: FrameBytes
        /// The message that the frame ends.
        var message: MessageFacts?
    }

    let port: UInt16
    var conversation: Conversation
    private(set) var frames: [Sender: [SentFrame]] = [.client: [], .server: []]
    private(set) var messages: [Sender: [MessageFacts]] = [.client: [], .server: []]
    /// What the peers do wrong, as warnings and errors.
    var faults: [FindingFacts] = []
    /// Where the last head of each direction ends in its stream.
    var headEnds: [Sender: Int] = [:]
    /// Who began the end; `nil` where nobody did, or both at once.
    var closer: Sender?
    /// How many upgrades were refused before.
    var refusals = 0
    var hasProxyHeader = false
    /// The parameters of permessage-deflate, where that is agreed on.
    var extensions: String?

    var queues: [Sender: [Queued]] = [.client: [], .server: []]
    /// How many bytes each has sent.
    private(set) var sent: [Sender: Int] = [.client: 0, .server: 0]
    /// How many bytes of each were not acknowledged yet.
    private var unacknowledged: [Sender: Int] = [:]
    var deflaters: [Sender: Deflater] = [:]
    /// The longest segment.
    let segmentLimit: Int

    init(port: UInt16, segmentLimit: Int, _ generator: inout SeededGenerator) {
        self.port = port
        self.segmentLimit = segmentLimit
        let isIPv6 = generator.oneIn(4)
        // Numbers that pass the end of the circle within the conversation are as likely as any others.
        let initial = (0..<2).map { _ in
            generator.oneIn(2) ? 0 &- UInt32.random(in: 0...3_000, using: &generator) : UInt32(generator.next() >> 32)
        }
        conversation = Conversation(
            client: Endpoint(isIPv6 ? "2001:db8::7" : "192.0.2.7", port),
            server: Endpoint(isIPv6 ? "2001:db8::8" : "198.51.100.8", 80), clientISN: initial[0], serverISN: initial[1])
        open(&generator)
        talk(&generator)
        end(&generator)
    }

    var segments: [ScriptedSegment] { conversation.segments }

    func frames(from sender: Sender) -> [SentFrame] { frames[sender] ?? [] }
    func messages(from sender: Sender) -> [MessageFacts] { messages[sender] ?? [] }

    mutating func accuse(_ sender: Sender, _ id: FindingID) {
        faults.append(FindingFacts(port: port, id: id, sender: sender))
    }

    /// Sends bytes in segments of a size that chance has, and never more than the peer's window holds.
    mutating func send(
        _ bytes: [UInt8], from sender: Sender, _ generator: inout SeededGenerator, isAcknowledged: Bool = true
    ) {
        let size = min(segmentLimit, max(generator.magnitude(upTo: segmentLimit), bytes.count / 100, 1))
        for start in stride(from: 0, to: bytes.count, by: RandomDialogue.window) {
            let part = Array(bytes[start..<min(start + RandomDialogue.window, bytes.count)])
            if unacknowledged[sender, default: 0] + part.count > RandomDialogue.window {
                conversation.acknowledge(from: sender.peer)
                unacknowledged[sender] = 0
            }
            conversation.send(part, from: sender, segmentSize: size, isAcknowledged: false)
            unacknowledged[sender, default: 0] += part.count
        }
        unacknowledged[sender.peer] = 0
        sent[sender, default: 0] += bytes.count
        if isAcknowledged { conversation.acknowledge(from: sender.peer) }
        if isAcknowledged { unacknowledged[sender] = 0 }
    }

    private static let window = 65_000

    /// Ends a direction, perhaps with its last bytes.
    mutating func finish(_ sender: Sender, with payload: [UInt8] = []) {
        conversation.finish(sender, with: payload)
        sent[sender, default: 0] += payload.count
    }

    /// Takes back what the segments from `start` on acknowledge: their sender did not have it yet.
    mutating func forget(from start: Int, _ known: SequenceNumber?, by sender: Sender) {
        guard let known else { return }
        for index in start..<conversation.segments.count where conversation.segments[index].sender == sender {
            conversation.segments[index].acknowledgmentNumber = known
        }
    }

    /// The bytes of frames that are sent next, once they are noted.
    mutating func bytes(of queued: [Queued], from sender: Sender, after: [UInt8] = []) -> [UInt8] {
        var bytes = after
        for item in queued {
            let start = sent[sender, default: 0] + bytes.count
            let frame = item.frame
            bytes += frame.bytes
            let facts = FrameFacts(
                opcode: Opcode(rawValue: frame.opcode), isFinal: frame.isFinal, reservedBits: frame.reservedBits,
                isMasked: frame.maskingKey != nil, length: UInt64(frame.payload.count), payload: frame.payload,
                isWhole: true)
            frames[sender, default: []].append(
                SentFrame(
                    facts: facts, header: start..<start + frame.header.count,
                    range: start..<sent[sender, default: 0] + bytes.count))
            if let message = item.message { messages[sender, default: []].append(message) }
        }
        return bytes
    }

    mutating func send(
        _ queued: [Queued], from sender: Sender, _ generator: inout SeededGenerator, isAcknowledged: Bool = true
    ) {
        let bytes = bytes(of: queued, from: sender)
        send(bytes, from: sender, &generator, isAcknowledged: isAcknowledged)
        // Pings are answered with what comes next, as the RFC wants it.
        let pongs = queued.filter { $0.frame.opcode == Opcode.ping.rawValue }.map { ping in
            frame(.pong, ping.frame.payload, from: sender.peer, &generator)
        }
        queues[sender.peer, default: []].insert(contentsOf: pongs, at: 0)
    }

    /// A frame that is masked as its sender must.
    func frame(_ opcode: Opcode, _ payload: [UInt8], from sender: Sender, _ generator: inout SeededGenerator) -> Queued
    {
        let key = sender == .client ? UInt32.random(in: 1 ... .max, using: &generator) : nil
        return Queued(frame: FrameBytes(opcode, payload, maskingKey: key))
    }
}
