/// Where a packet stands that is one of several files' or was taken out of its file: the file, and the number that it has there.
public struct PacketPlace: Equatable, Sendable {
    public let file: String
    public let number: UInt64

    package init(file: String, number: UInt64) {
        self.file = file
        self.number = number
    }
}
