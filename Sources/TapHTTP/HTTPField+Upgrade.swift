extension HTTPField {
    /// The fields, in lower case, that tell whether a message upgrades to WebSocket and where it ends. Those of RFC 6455
    /// share the last one as a prefix.
    private static let namesOfUpgrade = [
        "connection", "content-length", "host", "origin", "transfer-encoding", "upgrade", "sec-websocket-",
    ].map { Array($0.utf8) }

    /// Whether a line is such a field; `nil` where that cannot be told yet.
    static func isOfUpgrade(lineBeginningWith line: ArraySlice<UInt8>) -> Bool? {
        guard let first = line.first else { return nil }
        var isOpen = false
        for name in namesOfUpgrade where name.first == HTTPText.lowered(first) {
            let length = zip(line, name).prefix { HTTPText.lowered($0) == $1 }.count
            if length == line.count { isOpen = true }
            guard length == name.count, length < line.count else { continue }
            // White space before the colon is a fault, but no reason to overlook the field.
            if name.last == UInt8(ascii: "-") { return true }
            let rest = line.dropFirst(length).first { $0 != 0x20 && $0 != 0x09 }
            if rest == UInt8(ascii: ":") { return true }
            if rest == nil, line.count < longestName { isOpen = true }
        }
        return isOpen ? nil : false
    }

    /// No name is looked at further than this.
    private static let longestName = 32
}
