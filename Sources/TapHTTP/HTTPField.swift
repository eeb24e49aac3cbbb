/// One header field as it was sent; fields folded over several lines are joined by a space.
public struct HTTPField: Equatable, Sendable {
    public let name: String
    public internal(set) var value: String
    /// The same for names that are the same in any case: a handshake is asked for many fields, most of which it lacks.
    let nameHash: UInt32

    public init(name: String, value: String) {
        self.name = name
        self.value = value
        nameHash = HTTPField.hash(of: name)
    }

    /// FNV-1a over the name in lower case. A collision costs a comparison, no more.
    static func hash(of name: String) -> UInt32 {
        var hash: UInt32 = 0x811C_9DC5
        for byte in name.utf8 { hash = (hash ^ UInt32(HTTPText.lowered(byte))) &* 0x0100_0193 }
        return hash
    }
}
