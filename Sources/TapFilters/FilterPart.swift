/// Bytes to look for in others. The time that takes grows with the length of the others only, whatever they are
/// (Knuth, Morris and Pratt 1977).
public struct FilterPart: Equatable, Sendable {
    public let bytes: [UInt8]
    /// For each length that was found, the next shorter one that may be the beginning of another place.
    private let shorter: [Int]

    public init(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        var shorter = [0, 0]
        for index in bytes.indices.dropFirst() {
            var length = shorter[index]
            while length > 0, bytes[length] != bytes[index] { length = shorter[length] }
            shorter.append(bytes[length] == bytes[index] ? length + 1 : 0)
        }
        self.bytes = bytes
        self.shorter = shorter
    }

    /// Whether the bytes stand anywhere in a text, one after the other.
    func isIn(_ text: ArraySlice<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return true }
        var found = 0
        for byte in text {
            while found > 0, bytes[found] != byte { found = shorter[found] }
            if bytes[found] == byte { found += 1 }
            if found == bytes.count { return true }
        }
        return false
    }
}
