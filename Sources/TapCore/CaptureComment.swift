/// What somebody wrote into a capture file beside its packets.
public struct CaptureComment: Equatable, Sendable {
    /// What it is written about.
    public enum Subject: Equatable, Sendable {
        /// The file, or the part of it that begins here.
        case section
        case interface
        case statistics
        case packet(PacketNumber, Timestamp)
    }

    public let subject: Subject
    /// As it stands in the file, which is meant to be UTF-8 and may hold anything.
    public let text: [UInt8]

    public init(_ subject: Subject, _ text: [UInt8]) {
        self.subject = subject
        self.text = text
    }

    /// Which packet it is on, if it is on one.
    package var packet: PacketNumber? {
        if case .packet(let number, _) = subject { number } else { nil }
    }

    public var isOnPacket: Bool {
        if case .packet = subject { true } else { false }
    }
}
