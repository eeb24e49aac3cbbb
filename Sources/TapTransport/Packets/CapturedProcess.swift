import TapCore

/// The process that sent a packet or received it, as macOS notes it beside the packet. LINKTYPE_PKTAP.
public struct CapturedProcess: Equatable, Sendable {
    /// Its name, of which macOS keeps at most 19 bytes.
    public let name: String
    public let identifier: Int32

    package init(name: String, identifier: Int32) {
        self.name = name
        self.identifier = identifier
    }

    /// The header's place for the process, its length, and that for the process on whose behalf it was, in bytes.
    private static let (place, length, delegated) = (52, 24, 84)

    /// `nil` where the header names none, or was not captured so far.
    package init?(_ bytes: RawSpan, _ linkType: LinkType) {
        guard linkType == .pktap || linkType == .user2, EnclosedLink.hasAppleHeader(bytes),
            bytes.byteCount >= CapturedProcess.delegated + CapturedProcess.length
        else { return nil }
        guard
            let process = CapturedProcess(bytes, at: CapturedProcess.delegated)
                ?? CapturedProcess(bytes, at: CapturedProcess.place)
        else { return nil }
        self = process
    }

    /// An identifier, and a name with zeros behind it.
    private init?(_ bytes: RawSpan, at place: Int) {
        var name: [UInt8] = []
        for offset in place + 4..<place + CapturedProcess.length {
            let byte = bytes.uint8(at: offset)
            guard byte != 0 else { break }
            name.append(byte)
        }
        guard !name.isEmpty else { return nil }
        self.name = String(decoding: name, as: UTF8.self)
        identifier = Int32(bitPattern: bytes.uint32(at: place).byteSwapped)
    }
}
