import TapCore

/// LINKTYPE_PKTAP: the process stands in the header before the packet.
extension CapturedProcess {
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
        self.init(
            name: bytes.extracting(place + 4..<place + CapturedProcess.length),
            identifier: bytes.uint32(at: place).byteSwapped)
    }
}
