/// A header of the PROXY protocol's version 1: a line of text. PROXY protocol §2.1.
enum ProxyLine {
    /// Parses a line that begins with `PROXY ` and ends with LF; `nil` where it is none.
    static func header(_ line: [UInt8]) -> ProxyHeader? {
        guard line.suffix(2) == [0x0D, 0x0A] else { return nil }
        let words = line.dropLast(2).split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count >= 2 else { return nil }
        switch String(decoding: words[1], as: UTF8.self) {
        case "UNKNOWN": return ProxyHeader(version: 1, addresses: .none)
        case "TCP4": return header(words, ProxyLine.version4)
        case "TCP6": return header(words, ProxyLine.version6)
        default: return nil
        }
    }

    private static func header(
        _ words: [ArraySlice<UInt8>], _ address: (ArraySlice<UInt8>) -> [UInt8]?
    ) -> ProxyHeader? {
        guard words.count == 6, let source = address(words[2]), let destination = address(words[3]),
            let sourcePort = decimal(words[4]).flatMap({ UInt16(exactly: $0) }),
            let destinationPort = decimal(words[5]).flatMap({ UInt16(exactly: $0) })
        else { return nil }
        return ProxyHeader(
            version: 1,
            addresses: .internet(
                source: source, sourcePort: sourcePort, destination: destination, destinationPort: destinationPort))
    }

    private static func version4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { decimal($0).flatMap { UInt8(exactly: $0) } }
        return parts.count == 4 && numbers.count == 4 ? numbers : nil
    }

    /// RFC 4291 §2.2: eight groups, of which `::` stands for those that are zero; the last two may be an IPv4 address.
    private static func version6(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else { return groups(text).flatMap { $0.count == 16 ? $0 : nil } }
        guard let front = groups(text[..<gap]), let back = groups(text[(gap + 2)...]), front.count + back.count < 16
        else { return nil }
        return front + [UInt8](repeating: 0, count: 16 - front.count - back.count) + back
    }

    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        for group in text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            if group.endIndex == text.endIndex, let end = version4(group) {
                bytes += end
                continue
            }
            let digits = String(decoding: group, as: UTF8.self)
            guard (1...4).contains(group.count), !digits.hasPrefix("+"), let value = UInt16(digits, radix: 16) else {
                return nil
            }
            bytes += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        return bytes
    }

    /// A decimal number of at most five digits, without leading zeros.
    private static func decimal(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...5).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }),
            text.count == 1 || text.first != 0x30
        else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
}
