import TapTestSupport
import TapWebSocket

extension FindingSample {
    private static let hello = FrameBytes(text: "hello")

    static let frames: [FindingSample] = [
        FindingSample(.frameClientUnmasked, .client, frame: 2, "the client forgets the mask") {
            $0.send(hello, from: .client)
            $0.send(hello.bytes, from: .client)
        },
        FindingSample(.frameServerMasked, .server, frame: 2, "the server masks") {
            $0.send(hello, from: .server)
            $0.send(hello.sent(by: .client).bytes, from: .server)
        },
        FindingSample(.frameReservedBits, .server, frame: 1, "RSV1 without an extension") {
            $0.send(hello.with { $0.reservedBits = 4 }, from: .server)
        },
        FindingSample(
            .frameReservedBits, .server, frame: 2, "RSV2 with permessage-deflate", extensions: "permessage-deflate"
        ) {
            $0.send(FrameBytes(.text, Deflater().message("hello")).compressed, from: .server)
            $0.send(hello.with { $0.reservedBits = 2 }, from: .server)
        },
        FindingSample(
            .frameCompressionBitMisplaced, .client, frame: 2, "RSV1 on a continuation", extensions: "permessage-deflate"
        ) {
            $0.send(FrameBytes(.text, Deflater().message("hello")).compressed.unfinished, from: .client)
            $0.send(FrameBytes(.continuation).compressed, from: .client)
        },
        FindingSample(
            .frameCompressionBitMisplaced, .client, frame: 1, "RSV1 on a ping", extensions: "permessage-deflate"
        ) {
            $0.send(FrameBytes(.ping).compressed, from: .client)
        },
        FindingSample(.frameMaskingKeyZero, .client, frame: 1, "a masking key of zero") {
            for _ in 0..<2 { $0.send(hello.with { $0.maskingKey = 0 }, from: .client) }
        },
        FindingSample(.frameMaskingKeyRepeated, .client, frame: 2, "the same masking key each time") {
            for _ in 0..<3 { $0.send(hello.with { $0.maskingKey = 7 }, from: .client) }
        },
        FindingSample(.frameReservedOpcode, .client, frame: 1, "a data opcode that no RFC defines") {
            $0.send(FrameBytes(Opcode(rawValue: 5)), from: .client)
        },
        FindingSample(.frameReservedOpcode, .server, frame: 1, "a control opcode that no RFC defines") {
            $0.send(FrameBytes(Opcode(rawValue: 12)), from: .server)
        },
        FindingSample(.frameLengthNotMinimal, .server, frame: 1, "five bytes with a length of 16 bits") {
            $0.send(hello.with { $0.lengthForm = .sixteenBits }, from: .server)
        },
        FindingSample(.frameLengthNotMinimal, .client, frame: 1, "300 bytes with a length of 64 bits") {
            $0.send(
                FrameBytes(.binary, [UInt8](repeating: 1, count: 300)).with { $0.lengthForm = .sixtyFourBits },
                from: .client)
        },
        FindingSample(.frameControlTooLong, .server, frame: 1, "a ping of 126 bytes") {
            $0.send(FrameBytes(.ping, [UInt8](repeating: 1, count: 126)), from: .server)
        },
        FindingSample(.frameControlFragmented, .client, frame: 1, "a pong without FIN") {
            $0.send(FrameBytes(.pong).unfinished, from: .client)
        },
        FindingSample(.frameContinuationUnexpected, .client, frame: 1, "a continuation at the start") {
            $0.send(FrameBytes(.continuation), from: .client)
        },
        FindingSample(.frameContinuationUnexpected, .server, frame: 3, "a continuation after the last") {
            $0.send(hello.unfinished, from: .server)
            for _ in 0..<2 { $0.send(FrameBytes(.continuation), from: .server) }
        },
        FindingSample(.frameContinuationUnexpected, .client, frame: 2, "a continuation of what the peer began") {
            $0.send(hello.unfinished, from: .server)
            $0.send(FrameBytes(.continuation), from: .client)
        },
        FindingSample(.frameMessageInterrupted, .server, frame: 2, "a text inside an unfinished binary") {
            $0.send(FrameBytes(.binary).unfinished, from: .server)
            $0.send(hello, from: .server)
        },
        FindingSample(.frameAfterClose, .client, frame: 2, "a text after the sender's own close") {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.send(hello, from: .client)
            $0.send(hello, from: .server)
        },
        FindingSample(.closeCodeInvalid, .client, frame: 1, "a close with 1005") {
            $0.send(FrameBytes(closing: 1005), from: .client)
        },
        FindingSample(.closeBodyTooShort, .server, frame: 1, "a close of one byte") {
            $0.send(FrameBytes(.close, [3]), from: .server)
        },
        FindingSample(.closeReasonNotUTF8, .server, frame: 1, "a close whose reason is 0xFF") {
            $0.send(FrameBytes(.close, [0x03, 0xE8, 0xFF]), from: .server)
        },
    ]
}
