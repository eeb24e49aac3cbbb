import TapCore
import TapSecurity
import TapTestSupport

/// What happens on a TLS connection whose secrets are known, so that a fuzzer gets behind the tags.
enum TLSScript {
    enum Step {
        case bytes(TLSDirection, [UInt8])
        case missing(TLSDirection, Int)
        case keys
        case end(TLSDirection)

        var isHole: Bool { if case .missing = self { true } else { false } }
    }

    /// A step's kind is in the low bits of its first byte, its direction in the highest one.
    static func steps(of input: inout FuzzInput) -> [Step] {
        var steps: [Step] = []
        var numbers: [UInt64] = [0, 0]
        while !input.isEmpty, steps.count < 64 {
            let head = input.byte()
            let direction: TLSDirection = head & 0x80 == 0 ? .first : .second
            switch head & 7 {
            case 0: steps.append(.bytes(direction, input.take(Int(input.byte()))))
            case 1: steps.append(.bytes(direction, record(input.byte(), input.take(Int(input.byte())))))
            case 2, 3:
                // The next record, or with a higher bit one that is further on.
                numbers[direction.rawValue] &+= UInt64(head >> 3 & 3)
                let isHandshake = head & 0x20 != 0
                let type = isHandshake ? ContentType.handshake : input.byte()
                let plain = input.take(Int(input.byte()))
                let number = numbers[direction.rawValue]
                numbers[direction.rawValue] &+= 1
                if head & 0x40 != 0 { numbers[direction.rawValue] = 0 }
                steps.append(.bytes(direction, seal(plain, type, direction, isHandshake: isHandshake, number)))
            case 4: steps.append(.missing(direction, input.number() + 1))
            case 5: steps.append(head & 0x40 == 0 ? .keys : .end(direction))
            case 6: steps.append(.bytes(.first, record(ContentType.handshake, clientHello(input.byte()))))
            case _: steps.append(.bytes(.second, record(ContentType.handshake, serverHello(input.byte()))))
            }
        }
        return steps
    }

    private static let random = [UInt8](repeating: 7, count: 32)

    private static func secret(_ direction: TLSDirection, isHandshake: Bool) -> [UInt8] {
        [UInt8](repeating: UInt8(direction.rawValue * 2 + (isHandshake ? 1 : 0)) + 1, count: 32)
    }

    static func addKeys(to log: KeyLog) {
        let name = Hex.string(random)
        var text = "CLIENT_RANDOM \(name) \(Hex.string([UInt8](repeating: 9, count: 48)))\n"
        for (label, direction, isHandshake) in [
            ("CLIENT_HANDSHAKE_TRAFFIC_SECRET", TLSDirection.first, true),
            ("SERVER_HANDSHAKE_TRAFFIC_SECRET", .second, true), ("CLIENT_TRAFFIC_SECRET_0", .first, false),
            ("SERVER_TRAFFIC_SECRET_0", .second, false),
        ] {
            text += "\(label) \(name) \(Hex.string(secret(direction, isHandshake: isHandshake)))\n"
        }
        var reader = KeyLogReader(.keyLog)
        reader.receive(Array(text.utf8).span.bytes, into: log)
    }

    private static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 3, 3, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 0, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    /// RFC 8446 §4.1.2, with early data where the first bit asks for it.
    private static func clientHello(_ options: UInt8) -> [UInt8] {
        let extensions: [UInt8] = options & 1 == 0 ? [0, 43, 0, 3, 2, 3, 4] : [0, 43, 0, 3, 2, 3, 4, 0, 42, 0, 0]
        return message(
            1, [3, 3] + random + [0, 0, 4, 0x13, 0x01, 0xC0, 0x2F, 1, 0, 0, UInt8(extensions.count)] + extensions)
    }

    /// RFC 8446 §4.1.3: of TLS 1.3, or of TLS 1.2 with one of several suites.
    private static func serverHello(_ options: UInt8) -> [UInt8] {
        let random = [UInt8](repeating: 8, count: 32)
        if options & 1 == 0 {
            return message(2, [3, 3] + random + [0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 3, 4])
        }
        let suites: [[UInt8]] = [[0xC0, 0x2F], [0xCC, 0xA8], [0xC0, 0x13], [0x00, 0x05]]
        return message(2, [3, options & 0x10 == 0 ? 3 : 1] + random + [0] + suites[Int(options >> 1 & 3)] + [0])
    }

    /// RFC 8446 §5.2.
    private static func seal(
        _ plain: [UInt8], _ type: UInt8, _ direction: TLSDirection, isHandshake: Bool, _ number: UInt64
    ) -> [UInt8] {
        let secret = secret(direction, isHandshake: isHandshake)
        let sealer = RecordSealer(
            cipher: "AES-128-GCM", key: KeyDerivation.expandLabel(.sha256, secret.span.bytes, "key", count: 16),
            iv: KeyDerivation.expandLabel(.sha256, secret.span.bytes, "iv", count: 12))
        return sealer.record(number, plain, type: type)
    }
}
