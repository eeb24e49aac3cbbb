import TapWebSocket

/// Writes WebSocket frames, right or wrong ones. RFC 6455 §5.2.
package struct FrameBytes: Sendable {
    package enum LengthForm: Sendable {
        case minimal
        case sixteenBits
        case sixtyFourBits
    }

    package var opcode: UInt8
    package var payload: [UInt8]
    package var isFinal = true
    /// RSV1, RSV2 and RSV3 as the bits 4, 2 and 1.
    package var reservedBits: UInt8 = 0
    package var maskingKey: UInt32?
    package var lengthForm = LengthForm.minimal
    /// The length that the header states, where it is another than the payload's.
    package var statedLength: UInt64?

    package init(_ opcode: Opcode, _ payload: [UInt8] = [], maskingKey: UInt32? = nil) {
        self.opcode = opcode.rawValue
        self.payload = payload
        self.maskingKey = maskingKey
    }

    package init(text: String, maskingKey: UInt32? = nil) {
        self.init(.text, Array(text.utf8), maskingKey: maskingKey)
    }

    package init(closing code: UInt16, _ reason: String = "", maskingKey: UInt32? = nil) {
        self.init(.close, bigEndian(code) + Array(reason.utf8), maskingKey: maskingKey)
    }

    package var header: [UInt8] {
        let first = (isFinal ? 0x80 : 0) | reservedBits << 4 | opcode
        let maskBit: UInt8 = maskingKey == nil ? 0 : 0x80
        let length = statedLength ?? UInt64(payload.count)
        let form: LengthForm =
            lengthForm != .minimal
            ? lengthForm : length > 0xFFFF ? .sixtyFourBits : length > 125 ? .sixteenBits : .minimal
        let lengthBytes: [UInt8] =
            switch form {
            case .minimal: [maskBit | UInt8(truncatingIfNeeded: length)]
            case .sixteenBits: [maskBit | 126] + bigEndian(UInt16(truncatingIfNeeded: length))
            case .sixtyFourBits: [maskBit | 127] + bigEndian(length)
            }
        return [first] + lengthBytes + (maskingKey.map { bigEndian($0) } ?? [])
    }

    package var bytes: [UInt8] { header + FrameBytes.masked(payload, key: maskingKey ?? 0) }

    /// Masks byte by byte, as RFC 6455 §5.3 says it.
    package static func masked(_ bytes: [UInt8], key: UInt32, phase: Int = 0) -> [UInt8] {
        guard key != 0 else { return bytes }
        let key = bigEndian(key)
        var masked = bytes
        for index in bytes.indices { masked[index] ^= key[(index + phase) % 4] }
        return masked
    }
}
