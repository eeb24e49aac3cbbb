/// A header of the PROXY protocol's version 2: a signature, three fixed fields, addresses, and further fields that are
/// not looked at. PROXY protocol §2.2.
enum ProxyBlock {
    /// The signature of twelve bytes, then command, family and length.
    static let fixedLength = 16
    private static let pathLength = 108
    /// The fixed part with the longest addresses, the paths of two sockets.
    static let longest = fixedLength + 2 * pathLength

    /// Whether the byte behind the signature, where it is there, is version 2 with a command that there is.
    static func isKnown(_ bytes: [UInt8]) -> Bool { bytes.count != 13 || bytes[12] == 0x20 || bytes[12] == 0x21 }

    /// How many bytes follow the fixed part.
    static func length(_ fixed: [UInt8]) -> Int { Int(fixed[14]) << 8 | Int(fixed[15]) }

    /// - Parameter bytes: the whole header, or its first ``longest`` bytes.
    static func header(_ bytes: [UInt8]) -> ProxyHeader { ProxyHeader(version: 2, addresses: addresses(bytes)) }

    private static func addresses(_ bytes: [UInt8]) -> ProxyHeader.Addresses {
        let isLocal = bytes[12] & 0xF == 0
        let block = bytes[fixedLength...]
        switch bytes[13] >> 4 {
        case 1 where !isLocal: return internet(block, length: 4)
        case 2 where !isLocal: return internet(block, length: 16)
        case 3 where !isLocal && block.count >= 2 * pathLength:
            return .unix(source: path(block.prefix(pathLength)), destination: path(block.dropFirst(pathLength)))
        default: return .none
        }
    }

    private static func internet(_ block: ArraySlice<UInt8>, length: Int) -> ProxyHeader.Addresses {
        guard block.count >= 2 * length + 4 else { return .none }
        let ports = block.dropFirst(2 * length).prefix(4).map { UInt16($0) }
        return .internet(
            source: Array(block.prefix(length)), sourcePort: ports[0] << 8 | ports[1],
            destination: Array(block.dropFirst(length).prefix(length)), destinationPort: ports[2] << 8 | ports[3])
    }

    private static func path(_ field: ArraySlice<UInt8>) -> [UInt8] {
        // A name of Linux's abstract namespace begins with a zero.
        let end = field.dropFirst().firstIndex(of: 0) ?? field.endIndex
        return field.first == 0 && end == field.startIndex + 1 ? [] : Array(field[..<end].prefix(pathLength))
    }
}
