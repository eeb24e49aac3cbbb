/// The process that sent a packet or received it, as macOS notes it beside the packet.
public struct CapturedProcess: Equatable, Sendable {
    /// Its name; macOS keeps at most 19 bytes of it.
    public let name: String
    public let identifier: Int32

    /// Bytes of a name that are kept, whatever a capture says.
    package static let longestName = 255

    package init(name: String, identifier: Int32) {
        self.name = name
        self.identifier = identifier
    }

    /// - Parameter name: ends with its first zero, if there is one. `nil` where it is empty: a number alone names nobody.
    package init?(name: RawSpan, identifier: UInt32) {
        let length = name.firstIndex(of: 0) ?? name.byteCount
        guard length > 0 else { return nil }
        self.init(
            name: String(decoding: name.extracting(..<min(length, CapturedProcess.longestName))),
            identifier: Int32(bitPattern: identifier))
    }
}
