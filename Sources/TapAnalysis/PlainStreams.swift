import TapCore

/// The TCP connection that carried a TLS connection that was read.
package struct TLSCarrier: Hashable, Sendable {
    package let flow: FlowIdentity
    /// How many connections of TLS lie in each other.
    package let layers: Int
    /// Whether what was read begins where the sender began.
    package let isStartKnown: Bool
}

/// The streams that chosen connections of TCP would have been without TLS: what came before it, and what it carries, with the
/// packets and times at which it could be read. Whoever analyzes takes the events after each packet.
package final class PlainStreams {
    package enum Event {
        case opened(FlowID, FlowIdentity)
        /// Of ``bytes``.
        case bytes(Range<Int>, StreamID, PacketHeader)
        case missing(Int, StreamID)
        case ended(DirectionEnd, StreamID, PacketHeader)
        /// A peer has ended TLS, which comes before the end of TCP.
        case endedInside(StreamID, PacketHeader)
        case closed(FlowID)
    }

    /// What came before it was known where TLS begins.
    private struct Piece {
        enum Content {
            case bytes([UInt8])
            case missing(Int)
            case ended(DirectionEnd)
        }

        var content: Content
        let direction: Direction
        let packet: PacketHeader
    }

    private struct Flow {
        /// How many connections of TLS are still to begin.
        var layersToCome: Int
        /// The streams of those that have begun.
        var inner: [FlowID] = []
        var waiting: [Piece] = []
        var waitingBytes = 0
        /// What was sent after bytes of its peer that are still to be read: it comes among those in the order of the packets.
        var behind: [Piece] = []
        var behindBytes = 0
    }

    /// What came on one connection before TLS is given once it is more, in bytes: only the last of it may belong to TLS.
    private static let mostWaiting = 1 << 20

    package private(set) var events: [Event] = []
    package private(set) var bytes: [UInt8] = []
    private let carriers: [FlowIdentity: TLSCarrier]
    private var flows: [FlowID: Flow] = [:]
    /// The connections of TCP of streams that TLS carries.
    private var roots: [FlowID: FlowID] = [:]

    package init(of carriers: some Sequence<TLSCarrier>) {
        self.carriers = Dictionary(carriers.map { ($0.flow, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What is known of a connection that was opened.
    package func carrier(of flow: FlowIdentity) -> TLSCarrier? { carriers[flow] }

    /// Forgets the events, which were taken.
    package func removeEvents() {
        events.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    // MARK: What happens

    func opened(_ flow: FlowID, _ identity: FlowIdentity) {
        guard let carrier = carriers[identity] else { return }
        flows[flow] = Flow(layersToCome: carrier.layers)
        events.append(.opened(flow, identity))
    }

    /// - Parameter isPeerBehind: whether its sender may have had more of its peer than was given here.
    func received(_ plain: RawSpan, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool = false) {
        guard plain.byteCount > 0, let root = root(of: stream.flow), let flow = flows[root] else { return }
        let isHeld = isPeerBehind && flow.behindBytes + plain.byteCount <= PlainStreams.mostWaiting
        if flow.layersToCome == 0, !isHeld {
            catchUp(with: stream.direction, of: root, before: packet)
            append(plain, StreamID(root, stream.direction), in: packet)
            return catchUp(stream.direction.opposite, of: root)
        }
        let piece = Piece(content: .bytes([UInt8](plain)), direction: stream.direction, packet: packet)
        if flow.layersToCome == 0 {
            flows[root]?.behind.append(piece)
            flows[root]?.behindBytes += plain.byteCount
        } else {
            hold(piece, of: root, plain.byteCount)
        }
    }

    /// - Parameter count: for how many bytes room is to be left.
    func missed(_ count: Int, on stream: StreamID, before packet: PacketHeader) {
        guard count > 0, let root = root(of: stream.flow), let flow = flows[root] else { return }
        if flow.layersToCome == 0 {
            catchUp(with: stream.direction, of: root, before: packet)
            events.append(.missing(count, StreamID(root, stream.direction)))
            return
        }
        hold(Piece(content: .missing(count), direction: stream.direction, packet: packet), of: root, 0)
    }

    func ended(_ end: DirectionEnd, on stream: StreamID, in packet: PacketHeader) {
        guard let root = root(of: stream.flow), let flow = flows[root] else { return }
        if flow.layersToCome == 0 {
            catchUp(with: stream.direction, of: root, before: packet)
            events.append(.ended(end, StreamID(root, stream.direction), packet))
            return catchUp(stream.direction.opposite, of: root)
        }
        hold(Piece(content: .ended(end), direction: stream.direction, packet: packet), of: root, 0)
    }

    /// A peer ends TLS: without TLS its FIN says so, where its alert did.
    func endedInside(_ stream: StreamID, in packet: PacketHeader) {
        guard let root = root(of: stream.flow), let flow = flows[root], flow.layersToCome == 0 else { return }
        catchUp(with: stream.direction, of: root, before: packet)
        events.append(.endedInside(StreamID(root, stream.direction), packet))
    }

    /// TLS begins on a stream, and what came last of that is a part of it.
    func secured(_ outer: FlowID, as inner: FlowID, isStartCaptured: Bool, held: HeldBytes) {
        roots[inner] = nil
        guard let root = root(of: outer), flows[root] != nil else { return }
        roots[inner] = root
        flows[root]?.inner.append(inner)
        // What lies before the first record that was captured is a part of one.
        if !isStartCaptured { flows[root]?.waiting.removeAll() }
        for direction in [Direction.fromFirst, .fromSecond] {
            let count = held.pieces.reduce(0) { count, piece in
                guard piece.direction == direction, case .bytes(let bytes) = piece.content else { return count }
                return count + bytes.count
            }
            takeBack(count, direction, of: root)
        }
        flows[root]?.layersToCome -= 1
        if let flow = flows[root], flow.layersToCome <= 0 { give(flow.waiting.count, of: root) }
    }

    func closed(_ flow: FlowID) {
        roots[flow] = nil
        for direction in [Direction.fromFirst, .fromSecond] { catchUp(direction, of: flow) }
        guard let known = flows.removeValue(forKey: flow) else { return }
        for inner in known.inner where roots[inner] == flow { roots[inner] = nil }
        events.append(.closed(flow))
    }

    // MARK: What waits

    private func root(of flow: FlowID) -> FlowID? { flows.isEmpty ? nil : roots[flow] ?? flow }

    private func append(_ plain: RawSpan, _ stream: StreamID, in packet: PacketHeader) {
        let start = bytes.count
        bytes.append(plain)
        // Records of one packet stay one piece.
        if case .bytes(let range, stream, packet)? = events.last, range.upperBound == start {
            events.removeLast()
            events.append(.bytes(range.lowerBound..<bytes.count, stream, packet))
        } else {
            events.append(.bytes(start..<bytes.count, stream, packet))
        }
    }

    private func hold(_ piece: Piece, of root: FlowID, _ count: Int) {
        flows[root]?.waiting.append(piece)
        flows[root]?.waitingBytes += count
        guard let flow = flows[root], flow.waitingBytes > PlainStreams.mostWaiting else { return }
        give(flow.waiting.count - 1, of: root)
    }

    /// Gives the first of what waits.
    private func give(_ count: Int, of root: FlowID) {
        guard let flow = flows[root] else { return }
        for piece in flow.waiting.prefix(count) {
            if case .bytes(let bytes) = piece.content { flows[root]?.waitingBytes -= bytes.count }
            give(piece, of: root)
        }
        flows[root]?.waiting.removeFirst(count)
    }

    private func give(_ piece: Piece, of root: FlowID) {
        let stream = StreamID(root, piece.direction)
        switch piece.content {
        case .bytes(let bytes): append(bytes.span.bytes, stream, in: piece.packet)
        case .missing(let count): events.append(.missing(count, stream))
        case .ended(let end): events.append(.ended(end, stream, piece.packet))
        }
    }

    /// A direction goes on: before that comes what it has waiting, and what its peer sent before.
    private func catchUp(with direction: Direction, of root: FlowID, before packet: PacketHeader) {
        catchUp(direction, of: root)
        catchUp(direction.opposite, of: root, before: packet.number)
    }

    /// Gives what a direction has waiting, as far as it was captured before a packet.
    private func catchUp(_ direction: Direction, of root: FlowID, before packet: PacketNumber? = nil) {
        guard let flow = flows[root], !flow.behind.isEmpty else { return }
        func isDue(_ piece: Piece) -> Bool {
            piece.direction == direction && packet.map { piece.packet.number < $0 } ?? true
        }
        for piece in flow.behind where isDue(piece) {
            if case .bytes(let bytes) = piece.content { flows[root]?.behindBytes -= bytes.count }
            give(piece, of: root)
        }
        flows[root]?.behind.removeAll(where: isDue)
    }

    /// Takes back the last bytes of a direction, and what lies among or behind them.
    private func takeBack(_ count: Int, _ direction: Direction, of root: FlowID) {
        guard var flow = flows[root] else { return }
        var left = count
        for index in flow.waiting.indices.reversed() where left > 0 && flow.waiting[index].direction == direction {
            if case .bytes(let bytes) = flow.waiting[index].content {
                let taken = min(left, bytes.count)
                left -= taken
                flow.waitingBytes -= taken
                if taken < bytes.count {
                    flow.waiting[index].content = .bytes(Array(bytes.dropLast(taken)))
                    continue
                }
            }
            flow.waiting.remove(at: index)
        }
        flows[root] = flow
    }
}
