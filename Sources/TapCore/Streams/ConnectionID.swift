/// The name of a connection: 64 bits of a hash of what the capture shows of it, so that it is the same however many threads
/// analyze the capture, and into however many files it is split. Two connections may have the same by chance.
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible, Codable {
    public let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// - Parameter exchange: which of the handshakes of its TCP connection it is, from 1: after a refusal, another may follow.
    package init(_ flow: FlowIdentity, exchange: UInt32) {
        let ends = flow.key.hash(seed: 0x2D35_8DCC_AA6C_78A5, in: flow.network)
        let start = FlowKey.mix(ends, UInt64(bitPattern: flow.opened.nanoseconds) ^ 0x8BB8_4B93_962E_ACC9)
        let place = UInt64(flow.initial.rawValue) << 32 | UInt64(exchange)
        rawValue = FlowKey.mix(start, place ^ 0x4B33_A62E_D433_D4A3)
    }

    /// A stream of HTTP/2 is told from others by its number, which has 31 bits.
    package init(_ flow: FlowIdentity, stream: UInt32) { self.init(flow, exchange: stream | 1 << 31) }

    /// 16 hexadecimal digits.
    public var description: String { ByteCursor.text(16) { $0.append(hex: rawValue) } }
}
