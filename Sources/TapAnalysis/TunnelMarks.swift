/// The yes and no that a direction remembers, in one byte.
struct TunnelMarks: OptionSet {
    var rawValue: UInt8

    /// Whether the first data frame is the start of a message; in the middle of a connection it may be the rest of one.
    static let isStartKnown = TunnelMarks(rawValue: 1)
    static let hasSentClose = TunnelMarks(rawValue: 2)
    static let hasEnded = TunnelMarks(rawValue: 4)
    static let isZeroKeyTold = TunnelMarks(rawValue: 8)
    static let isRepeatedKeyTold = TunnelMarks(rawValue: 16)
    /// Whether its FIN was reached.
    static let hasFinished = TunnelMarks(rawValue: 32)
    /// Whether its last bytes may be missing, and with them a FIN.
    static let mayHaveLostEnd = TunnelMarks(rawValue: 64)
    static let isOutOfStepTold = TunnelMarks(rawValue: 128)
}
