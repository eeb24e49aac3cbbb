/// A binary payload that wholly is one value of MessagePack or CBOR, and looks like no accident.
package struct BinaryValue {
    package let format: ApplicationProtocol
    package let value: StructuredValue

    package var text: String { value.excerpt(upTo: 160) }

    /// Shorter payloads parse too easily.
    private static let shortest = 4

    /// Any byte up to 7F is a whole value of both. So the payload has to be a map with names, or an array that holds one or
    /// a word.
    package static func found(in payload: [UInt8]) -> BinaryValue? {
        guard payload.count >= shortest, let first = payload.first else { return nil }
        switch first {
        case 0x80...0x9F, 0xDC...0xDF:
            if let value = StructuredValue.whole(payload[...], MessagePackReader.read), isMeant(value) {
                return BinaryValue(format: .messagePack, value: value)
            }
        default: break
        }
        switch first {
        case 0x80...0x9F, 0xA0...0xBF, 0xD9:
            if let value = StructuredValue.whole(payload[...], CBORReader.read), isMeant(value) {
                return BinaryValue(format: .cbor, value: value)
            }
        default: break
        }
        return nil
    }

    private static func isMeant(_ value: StructuredValue) -> Bool {
        switch value {
        case .map(let pairs): !pairs.isEmpty && pairs.allSatisfy { isWord($0.key) }
        case .array(let elements): elements.contains { isMeant($0) || isWord($0, atLeast: 4) }
        case .tagged(let tag, let value): tag == "55799" || isMeant(value)
        default: false
        }
    }

    private static func isWord(_ value: StructuredValue, atLeast least: Int = 1) -> Bool {
        guard let text = value.string, text.utf8.count >= least else { return false }
        return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
