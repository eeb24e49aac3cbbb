import TapCore
import TapTestSupport
import TapWebSocket

/// Makes a capture of several connections of what a fuzzer gives: mostly such as correct peers would send, so that they open
/// and agree, in whichever order, at whichever times, in fragments or whole.
struct CaptureScript {
    private(set) var packets: [CapturedPacket] = []
    private var conversations: [Conversation]
    private var time: Int64 = 1_700_000_000_000_000_000

    private static let connections = 8
    private static let mostPackets = 2_000

    init(_ input: inout FuzzInput) {
        conversations = (0..<UInt16(CaptureScript.connections)).map { number in
            Conversation(client: Endpoint("192.0.2.1", 40_000 + number))
        }
        while !input.isEmpty, packets.count < CaptureScript.mostPackets { takeStep(from: &input) }
    }

    /// A connection, what happens there, and in how large fragments it travels.
    private mutating func takeStep(from input: inout FuzzInput) {
        let step = input.byte()
        let place = Int(step) % CaptureScript.connections
        let before = conversations[place].segments.count
        switch step >> 3 & 7 {
        case 0: conversations[place].handshake()
        case 1: conversations[place].send(CaptureScript.handshake(input.byte()).request.bytes, from: .client)
        case 2: conversations[place].send(CaptureScript.handshake(input.byte()).response.bytes, from: .server)
        case 3, 4: send(from: &input, at: place)
        case 5: end(input.byte(), place)
        case 6: suffer(from: &input, at: place)
        // Forth or back, up to an hour and a quarter.
        case _: time &+= Int64(Int8(bitPattern: input.byte())) << 35
        }
        let new = conversations[place].segments.dropFirst(before)
        let fragment = step & 0x40 == 0 ? nil : 1 + Int(input.byte())
        for segment in new { capture(segment, fragment) }
    }

    /// With one of a few keys, which are used again.
    private static func handshake(_ kind: UInt8) -> HandshakeBytes {
        let key = HandshakeBytes.key([UInt8](repeating: kind & 7, count: 16))
        let extensions = kind & 8 == 0 ? nil : "permessage-deflate"
        return HandshakeBytes(key: key, extensions: extensions, chosenExtensions: extensions)
    }

    private mutating func send(from input: inout FuzzInput, at place: Int) {
        let kind = input.byte()
        let sender: Sender = kind & 0x80 == 0 ? .client : .server
        let payload = input.take(Int(kind & 0x1F))
        guard kind & 0x40 == 0 else { return conversations[place].send(payload, from: sender) }
        var frame = FrameBytes(Opcode(rawValue: input.byte()), payload)
        frame.isFinal = kind & 0x20 == 0
        conversations[place].send(frame, from: sender)
    }

    private mutating func end(_ kind: UInt8, _ place: Int) {
        let sender: Sender = kind & 0x80 == 0 ? .client : .server
        switch kind & 3 {
        case 0: conversations[place].close(by: sender, UInt16(1000 + Int(kind >> 2 & 31)))
        case 1: conversations[place].finish(sender)
        case 2: conversations[place].reset(from: sender)
        // The next one has the same ports.
        case _: conversations[place] = Conversation(client: conversations[place].client, clientISN: 70_000)
        }
    }

    /// Segments of before come again, or come in another order, or a part of one was not captured.
    private mutating func suffer(from input: inout FuzzInput, at place: Int) {
        let kind = input.byte()
        let segments = conversations[place].segments
        guard let last = segments.last else { return }
        switch kind & 3 {
        case 0: conversations[place].segments.append(segments[Int(kind >> 2) % segments.count])
        case 1: conversations[place].segments += segments.suffix(Int(kind >> 2) % 5).reversed()
        case 2: conversations[place].add(last.sender, last.flags, [UInt8](repeating: kind, count: 1 + Int(kind >> 2)))
        case _:
            // It was never captured, and what follows leaves a hole.
            conversations[place].send([UInt8](repeating: kind, count: 1 + Int(kind >> 2)), from: last.sender)
            conversations[place].segments = segments
        }
    }

    private mutating func capture(_ segment: ScriptedSegment, _ fragment: Int?) {
        guard let fragment else { return add(segment.ip) }
        var fragments = FragmentBytes(segment.tcp)
        (fragments.source, fragments.destination) = (segment.source.address, segment.destination.address)
        fragments.identification = UInt32(packets.count)
        for part in fragments.parts(of: fragment) { add(part.bytes) }
    }

    private mutating func add(_ ip: [UInt8]) {
        time &+= 1_000_000
        packets.append(CapturedPacket(ip, .raw, number: UInt64(packets.count + 1), nanoseconds: time))
    }
}
