import TapBytes
import TapWebSocket

/// What the analysis observed since it was last emptied, in order, with the payloads that frames refer to.
public struct Observations: Sendable {
    public private(set) var all: [Observation] = []
    private(set) var payloads: [UInt8] = []

    public init() {}

    /// The bytes of a frame's payload, as on the wire but unmasked.
    public func payload(of frame: Frame) -> ArraySlice<UInt8> { payloads[frame.payload] }

    /// What a frame's payload inflates to.
    public func inflated(of frame: Frame) -> ArraySlice<UInt8> { payloads[frame.inflated] }

    /// The bytes of a message, inflated.
    public func payload(of message: Message) -> ArraySlice<UInt8> { payloads[message.payload] }

    public mutating func removeAll() {
        all.removeAll(keepingCapacity: true)
        // A rare huge frame must not keep its memory for the rest of the capture.
        payloads.removeAll(keepingCapacity: payloads.capacity <= Observations.keptCapacity)
    }

    private static let keptCapacity = 4 << 20

    package mutating func append(_ observation: Observation) { all.append(observation) }

    /// Stores a payload, unmasked, and answers where.
    mutating func store(_ payload: RawSpan, key: UInt32) -> Range<Int> {
        let start = payloads.count
        if payload.byteCount > 0 { Masking.append(payload, key: key, phase: 0, to: &payloads) }
        return start..<payloads.count
    }

    /// Stores a payload and answers where.
    package mutating func store(_ payload: [UInt8]) -> Range<Int> {
        let start = payloads.count
        payloads.append(contentsOf: payload)
        return start..<payloads.count
    }
}
