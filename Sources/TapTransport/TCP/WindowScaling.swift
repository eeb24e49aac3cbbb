/// How the windows that a peer sends are to be scaled, in one byte. RFC 7323 §2.
@usableFromInline
struct WindowScaling: Equatable, Sendable {
    /// The shift count of the peer's SYN, or one of the values that no count may have.
    private let rawValue: UInt8

    /// RFC 7323 §2.3.
    private static let largest: UInt8 = 14

    private init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Its SYN was not captured.
    @usableFromInline static let unknown = WindowScaling(rawValue: .max)
    /// Its SYN did not offer it.
    static let none = WindowScaling(rawValue: .max - 1)

    /// What a SYN says.
    @usableFromInline
    init(offer: UInt8?) {
        self = offer.map { WindowScaling(rawValue: min($0, WindowScaling.largest)) } ?? .none
    }

    /// By how many bits a window is shifted, where that is known.
    var bits: UInt8? { self == .unknown || self == .none ? nil : rawValue }
}
