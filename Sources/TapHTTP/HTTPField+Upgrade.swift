extension HTTPField {
    /// The fields, in lower case, that tell whether a message upgrades to WebSocket and where it ends; besides them there
    /// are those of RFC 6455, which share a prefix.
    private static let namesOfUpgrade = [
        "connection", "content-length", "host", "origin", "transfer-encoding", "upgrade",
    ]
    private static let prefixOfUpgrade = "sec-websocket-"
    /// None of them is longer.
    private static let longestName = 32

    /// Whether a line is such a field; `nil` where that cannot be told yet.
    static func isOfUpgrade(lineBeginningWith line: ArraySlice<UInt8>) -> Bool? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            return line.count > longestName ? false : nil
        }
        let name = HTTPText.trimmed(String(decoding: line[..<colon].map(HTTPText.lowered), as: UTF8.self))
        return name.hasPrefix(prefixOfUpgrade) || namesOfUpgrade.contains(name)
    }
}
