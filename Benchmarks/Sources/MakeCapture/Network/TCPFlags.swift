/// The control bits of a TCP header. RFC 9293 §3.1.
struct TCPFlags: OptionSet {
    let rawValue: UInt8

    static let finish = TCPFlags(rawValue: 0x01)
    static let synchronize = TCPFlags(rawValue: 0x02)
    static let push = TCPFlags(rawValue: 0x08)
    static let acknowledge = TCPFlags(rawValue: 0x10)
}
