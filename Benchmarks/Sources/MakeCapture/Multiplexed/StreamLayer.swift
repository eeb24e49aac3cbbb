/// Puts connections of HTTP into streams of HTTP/2, several on one connection: each segment in the clear becomes those that carry
/// the same there. RFC 8441.
///
/// What is said is byte for byte what it would be without HTTP/2. Segments that are sent again, and the disorder of those that
/// overtake others, are left out.
struct StreamLayer {
    /// How many streams a connection has at most.
    private let streams: Int
    /// The port of servers of HTTP; `nil` where all are that.
    private let port: UInt16?
    private var flows: [UInt64: StreamFlow] = [:]
    private var carriers: [StreamCarrier] = []

    init(streams: Int, port: UInt16?) {
        self.streams = streams
        self.port = port
    }

    /// The segments that take the place of one; `nil` where it is not of HTTP.
    mutating func packets(for segment: TCPSegment, payload: ArraySlice<UInt8>) -> [TCPPacket]? {
        let (source, destination) = (segment.header.source, segment.header.destination)
        if let port, source.port != port, destination.port != port { return nil }
        let isOpening = segment.flags.contains(.synchronize)
        let opensAsClient = isOpening && !segment.flags.contains(.acknowledge)
        let side: Side = opensAsClient || flows[source.name] != nil ? .client : .server
        let client = side == .client ? source.name : destination.name
        if isOpening { return open(client, segment, from: side) }
        guard var flow = flows.removeValue(forKey: client) else { return [] }
        let frames = flow.frames(for: segment, payload: payload, from: side, on: &carriers[flow.carrier])
        let packets = carriers[flow.carrier].packets(
            carrying: frames, like: segment, from: side, isMoreToCome: flow.isWithinFrame(side))
        flows[client] = flow
        return packets
    }

    private mutating func open(_ client: UInt64, _ segment: TCPSegment, from side: Side) -> [TCPPacket] {
        guard side == .client else {
            flows[client]?.begin(.server, at: segment.sequence &+ 1)
            return []
        }
        let isNew = carriers.last.map { $0.flows == streams } ?? true
        if isNew { carriers.append(StreamCarrier(openedBy: segment)) }
        carriers[carriers.count - 1].flows += 1
        flows[client] = StreamFlow(carrier: carriers.count - 1, client: segment.sequence &+ 1, isAlone: streams == 1)
        return isNew ? carriers[carriers.count - 1].opening(like: segment) : []
    }
}

extension Endpoint {
    /// What tells it from all others.
    var name: UInt64 { UInt64(address) << 16 | UInt64(port) }
}
