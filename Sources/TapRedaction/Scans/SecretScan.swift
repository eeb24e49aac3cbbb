import TapCore
import TapWebSocket

/// Finds secrets in texts, or in any bytes, by parsing them as what they may be: JSON, also in strings of JSON, MessagePack, CBOR,
/// XML, forms, queries, header fields and settings, each of them decoded, also from base64, UTF-16 and what an application compressed. A secret has a name that says so, or stands behind the
/// scheme of a login, or has a form that only tokens have.
///
/// It rather finds too much than too little. Its time is proportional to the length, whatever the bytes are.
struct SecretScan {
    private let names: SecretNames
    /// Bytes that may still be decoded; texts in texts in texts would otherwise cost more each time.
    private var budget: Int
    private var found: [Range<Int>] = []

    /// What is encoded more often than this goes as a whole.
    private static let deepest = 8
    private static let decodedPerByte = 12

    /// The secrets in some bytes, in order; they do not overlap.
    /// - Parameter isOpen: whether the bytes may be cut at their end.
    static func secrets(in bytes: ArraySlice<UInt8>, _ names: SecretNames, isOpen: Bool) -> [Range<Int>] {
        guard !bytes.isEmpty else { return [] }
        var scan = SecretScan(names: names, budget: bytes.count &* decodedPerByte)
        scan.look(in: bytes, depth: 0, isOpen: isOpen)
        return merged(scan.found)
    }

    private init(names: SecretNames, budget: Int) { (self.names, self.budget) = (names, budget) }

    private mutating func look(in bytes: ArraySlice<UInt8>, depth: Int, isOpen: Bool) {
        var text = TextScan(bytes, names, isOpen: isOpen)
        found += text.secrets()
        if bytes.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "\"") }) {
            var json = JSONScan(bytes, names)
            json.read()
            found += json.secrets
            for string in json.escaped {
                look(in: bytes, decoding: string, depth, isOpen) { DecodedText(escaped: $0) }
            }
        }
        if bytes.contains(UInt8(ascii: "\\")), bytes.firstRange(of: Array("\\u".utf8)) != nil {
            look(in: bytes, decoding: bytes.startIndex..<bytes.endIndex, depth, isOpen) { DecodedText(escaped: $0) }
        }
        if bytes.contains(UInt8(ascii: "<")) {
            var xml = XMLScan(bytes, names, isOpen: isOpen)
            found += xml.secrets()
        }
        if bytes.contains(UInt8(ascii: "%")) {
            look(in: bytes, decoding: bytes.startIndex..<bytes.endIndex, depth, isOpen) {
                DecodedText(percentEncoded: $0)
            }
        }
        if bytes.contains(UInt8(ascii: "&")), bytes.contains(UInt8(ascii: ";")) {
            look(in: bytes, decoding: bytes.startIndex..<bytes.endIndex, depth, isOpen) {
                DecodedText(withEntities: $0)
            }
        }
        if bytes.contains(0x0A) { found += TableScan.secrets(in: bytes, names) }
        lookInBase64(of: bytes, depth, isOpen)
        if depth == 0 {
            found += BinaryScan.secrets(in: bytes, names)
            look(in: bytes, decoding: bytes.startIndex..<bytes.endIndex, depth, isOpen) { DecodedText(utf16: $0) }
            lookInCompressed(bytes, isOpen)
        }
    }

    private mutating func lookInBase64(of bytes: ArraySlice<UInt8>, _ depth: Int, _ isOpen: Bool) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let run = bytes[index...].prefix(while: DecodedText.isOfBase64)
            if run.count >= DecodedText.base64Looked {
                look(in: bytes, decoding: index..<run.endIndex, depth, isOpen) { DecodedText(base64: $0) }
            }
            index = run.endIndex + 1
        }
    }

    /// What an application compressed goes as a whole if there is a secret in it, or more than is looked at.
    private mutating func lookInCompressed(_ bytes: ArraySlice<UInt8>, _ isOpen: Bool) {
        let most = min(bytes.count &* SecretScan.inflatedPerByte, SecretScan.mostInflated)
        guard let coding = SecretScan.coding(of: bytes.prefix(2)),
            let inflated = coding.inflate(Array(bytes), upTo: most)
        else { return }
        var scan = SecretScan(names: names, budget: inflated.bytes.count &* SecretScan.decodedPerByte)
        scan.look(in: inflated.bytes[...], depth: 1, isOpen: isOpen || !inflated.isWhole)
        if !scan.found.isEmpty || inflated.bytes.count == most { found.append(bytes.startIndex..<bytes.endIndex) }
    }

    private static let inflatedPerByte = 64
    private static let mostInflated = 1 << 20

    /// RFC 1952 §2.3.1, RFC 1950 §2.2 with a window of 32 KB.
    private static func coding(of start: ArraySlice<UInt8>) -> ContentCoding? {
        if start.elementsEqual([0x1F, 0x8B]) { return .gzip }
        guard start.first == 0x78, let flags = start.last, (0x7800 + Int(flags)) % 31 == 0 else { return nil }
        return .deflate
    }

    private mutating func look(
        in bytes: ArraySlice<UInt8>, decoding range: Range<Int>, _ depth: Int, _ isOpen: Bool,
        _ decode: (ArraySlice<UInt8>) -> DecodedText?
    ) {
        guard let decoded = decode(bytes[range]) else { return }
        guard depth < SecretScan.deepest, range.count <= budget else {
            found.append(range)
            return
        }
        budget -= range.count
        let before = found.count
        look(in: decoded.bytes[...], depth: depth + 1, isOpen: isOpen && range.upperBound == bytes.endIndex)
        for index in before..<found.count { found[index] = decoded.origin(of: found[index]) }
    }

    private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = merged.last, range.lowerBound < last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
