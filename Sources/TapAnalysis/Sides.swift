import TapWebSocket

/// One of the peers, both or none.
public struct Sides: OptionSet, Sendable, Codable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public init(_ sender: Sender) { self = sender == .client ? .client : .server }

    public static let client = Sides(rawValue: 1)
    public static let server = Sides(rawValue: 2)
    public static let both: Sides = [.client, .server]

    public func contains(_ sender: Sender) -> Bool { contains(Sides(sender)) }
}
