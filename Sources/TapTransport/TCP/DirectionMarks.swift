/// How far a direction has come, and the yes and no that it remembers, all in one byte.
@usableFromInline
struct DirectionMarks: Equatable {
    /// How far a direction has come.
    @usableFromInline
    struct Phase: Equatable {
        @usableFromInline let rawValue: UInt8

        @inlinable init(rawValue: UInt8) { self.rawValue = rawValue }

        /// No segment of this direction was seen.
        @inlinable static var unseen: Phase { Phase(rawValue: 0) }
        @inlinable static var open: Phase { Phase(rawValue: 1) }
        /// A FIN was seen.
        @inlinable static var finishing: Phase { Phase(rawValue: 2) }
        @inlinable static var ended: Phase { Phase(rawValue: 3) }
    }

    @usableFromInline
    enum Mark: UInt8 {
        case isUnwanted = 0x04
        case isPeerBehind = 0x08
        case hasInitial = 0x10
        case hasAcknowledged = 0x20
        case hasStray = 0x40
        /// Bytes of it were reported as missing.
        case hasHole = 0x80
    }

    @usableFromInline var bits: UInt8 = 0

    @inlinable init() {}

    @inlinable var phase: Phase {
        get { Phase(rawValue: bits & 0x03) }
        set { bits = bits & ~0x03 | newValue.rawValue }
    }

    @inlinable
    subscript(mark: Mark) -> Bool {
        get { bits & mark.rawValue != 0 }
        set { bits = newValue ? bits | mark.rawValue : bits & ~mark.rawValue }
    }
}
