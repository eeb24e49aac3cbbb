import TapBytes

/// What the analysis observed since it was last emptied, in order, with the payloads that frames refer to.
public struct Observations: Sendable {
    public private(set) var all: [Observation] = []
    private(set) var payloads: [UInt8] = []

    public init() {}

    /// The bytes of a frame's payload.
    public func payload(of frame: Frame) -> ArraySlice<UInt8> { payloads[frame.payload] }

    public mutating func removeAll() {
        all.removeAll(keepingCapacity: true)
        // A rare huge frame must not keep its memory for the rest of the capture.
        payloads.removeAll(keepingCapacity: payloads.capacity <= Observations.keptCapacity)
    }

    private static let keptCapacity = 4 << 20

    package mutating func append(_ observation: Observation) { all.append(observation) }

    /// Stores a payload and answers where.
    package mutating func store(_ payload: [UInt8]) -> Range<Int> {
        let start = payloads.count
        payloads.append(contentsOf: payload)
        return start..<payloads.count
    }
}
