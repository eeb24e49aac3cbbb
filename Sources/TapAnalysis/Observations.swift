import TapCore
import TapWebSocket

/// What the analysis observed since it was last emptied, in order, with the payloads that frames refer to.
public struct Observations: Sendable {
    public private(set) var all: [Observation] = []
    /// The bytes that frames and messages refer to.
    package private(set) var payloads: [UInt8] = []
    /// What the heads of the handshakes cost to keep, in bytes.
    private var headBytes = 0
    /// Where the payloads and the observations of the packet begin that is being analyzed: limits are on those of one.
    private var packetStart = (payload: 0, observation: 0)

    /// Where they stand among those of all connections; `nil` where they are those of all.
    private(set) var marks: ObservationMarks?
    /// What was said on connections whose frames are not among them, for who seeks legs that belong together.
    private(set) var traces: [LegTrace] = []

    public init() {}

    /// - Parameter isPart: whether they are only those of a part of the connections.
    init(isPart: Bool) { if isPart { marks = ObservationMarks() } }

    /// Those that a part of a capture tells of.
    init(_ all: [Observation], _ marks: ObservationMarks, _ traces: [LegTrace]) {
        (self.all, self.marks, self.traces) = (all, marks, traces)
    }

    /// The bytes of a frame's payload, as on the wire but unmasked.
    public func payload(of frame: Frame) -> ArraySlice<UInt8> { payloads[frame.payload] }

    /// What a frame's payload inflates to.
    public func inflated(of frame: Frame) -> ArraySlice<UInt8> { payloads[frame.inflated] }

    /// The bytes of a message, inflated.
    public func payload(of message: Message) -> ArraySlice<UInt8> { payloads[message.payload] }

    public mutating func removeAll() {
        all.removeAll(keepingCapacity: true)
        (packetStart, headBytes) = ((0, 0), 0)
        marks?.removeAll()
        if !traces.isEmpty { traces.removeAll() }
        // A rare huge frame must not keep its memory for the rest of the capture.
        payloads.removeAll(keepingCapacity: payloads.capacity <= Observations.keptCapacity)
    }

    /// Whether they are those of all connections.
    var areComplete: Bool { marks == nil }

    /// What follows stands at another place.
    @inline(__always)
    mutating func begin(_ order: ObservationOrder) {
        packetStart = (payloads.count, all.count)
        if marks?.isBehind(all.count) ?? false { settle() }
        marks?.present = order
    }

    /// All that was observed has its place now.
    @inline(never)
    mutating func settle() { marks?.settle(all.count) }

    /// What follows goes on where other observations end.
    mutating func begin(after before: Observations) {
        marks = before.marks.map { ObservationMarks(after: $0) }
    }

    /// A connection was given a number.
    mutating func noteConnection() { marks?.noteConnection() }

    /// Keeps the key of a handshake for later.
    mutating func note(_ key: KeyUse) { marks?.note(key) }

    /// How many observations the packet has brought.
    var countOfPacket: Int { all.count - packetStart.observation }

    /// Whether there is nothing to take.
    package var isEmpty: Bool { all.isEmpty && marks?.isEmpty ?? true }

    /// Whether there are so many that a report's bytes for them are worth handing over.
    var isMuch: Bool { all.count >= Observations.partCount / 2 || weight >= Observations.muchWeight }

    /// About how many bytes of the capture are kept here.
    package var weight: Int { payloads.count + headBytes }

    private static let muchWeight = 64 << 10

    /// Puts another observation in place of each, which may change the payloads that it refers to.
    package mutating func mapEach(_ change: (Observation, inout [UInt8]) -> Observation) {
        for index in all.indices {
            all[index] = change(all[index], &payloads)
            if case .frame(var frame) = all[index] {
                frame.isKnownText = false
                all[index] = .frame(frame)
            }
        }
    }

    /// The same payloads with other observations, which refer to them.
    package func with(_ observations: [Observation]) -> Observations {
        var other = self
        other.all = observations
        return other
    }

    /// One of them by itself, with no payload but its own.
    package func alone(_ observation: Observation) -> Observations {
        var alone = Observations()
        alone.append(observation, of: self) { $0 }
        return alone
    }

    /// The observations from a place on, so many that what a report makes of them is of a moderate size. Findings stay
    /// with what they are about.
    package func part(from start: Int) -> Observations {
        // What is handed on at once is nearly always of a moderate size; and marks count all that there is.
        if start == 0,
            marks != nil || all.count <= Observations.partCount && payloads.count <= Observations.partBytes
        {
            return self
        }
        var end = start
        var bytes = 0
        while end < all.count,
            !(all[end].mayBegin && (end - start >= Observations.partCount || bytes > Observations.partBytes))
        {
            bytes += all[end].payloadCount
            end += 1
        }
        guard end - start < all.count else { return self }
        var part = self
        part.all = Array(all[start..<end])
        return part
    }

    private static let partCount = 512
    private static let partBytes = 1 << 20

    private static let keptCapacity = 4 << 20

    package mutating func append(_ observation: consuming Observation) { all.append(observation) }

    mutating func append(_ trace: LegTrace) { traces.append(trace) }

    /// Appends what does not count as brought by the packet: whether a key was used before is known only where all
    /// connections are.
    mutating func appendBeside(_ observation: consuming Observation) {
        packetStart.observation += 1
        all.append(observation)
    }

    mutating func append(_ handshake: Handshake) {
        headBytes += (handshake.request?.cost ?? 0) + (handshake.response?.cost ?? 0)
        all.append(.handshake(handshake))
    }

    /// Adds an observation of others, with its payloads.
    /// - Parameter number: the number that a connection shall have, from that which it has.
    mutating func append(
        _ observation: borrowing Observation, of source: borrowing Observations, numbered number: (Int) -> Int
    ) {
        switch copy observation {
        case .frame(var frame):
            let isKnownText = frame.isKnownText
            frame.connection = number(frame.connection)
            frame.payload = take(frame.payload, of: source)
            frame.inflated = take(frame.inflated, of: source)
            frame.isKnownText = isKnownText
            append(.frame(frame))
        case .message(var message):
            message.connection = number(message.connection)
            message.payload = take(message.payload, of: source)
            append(.message(message))
        case .handshake(var handshake):
            handshake.connection = number(handshake.connection)
            append(handshake)
        case .finding(var finding):
            finding.connection = number(finding.connection)
            append(.finding(finding))
        case .connection(var connection):
            connection.number = number(connection.number)
            append(.connection(connection))
        case .tls: append(copy observation)
        }
    }

    /// Copies bytes of other observations, and answers where they are.
    private mutating func take(_ place: Range<Int>, of source: borrowing Observations) -> Range<Int> {
        let start = payloads.count
        if !place.isEmpty { payloads.append(contentsOf: source.payloads[place]) }
        return start..<payloads.count
    }

    /// Adds to a handshake the other leg: what a proxy made of it, or what it was made of.
    mutating func note(_ pair: LegPair, ofHandshakeAt place: Int) {
        guard case .handshake(var handshake) = all[place] else { return }
        handshake.pair = pair
        all[place] = .handshake(handshake)
    }

    /// The same of a connection that has ended.
    mutating func note(_ pair: LegPair, ofConnectionAt place: Int) {
        guard case .connection(var connection) = all[place] else { return }
        connection.pair = pair
        all[place] = .connection(connection)
    }

    /// Adds to what is wrong with a handshake.
    mutating func add(_ violation: Violation, toHandshakeAt place: Int) {
        guard case .handshake(var handshake) = all[place] else { return }
        handshake.violations.append(violation)
        all[place] = .handshake(handshake)
    }

    /// Stores a payload, unmasked, as far as there is room in all, and answers where.
    mutating func store(_ payload: RawSpan, key: UInt32, room: Int) -> Range<Int> {
        let start = payloads.count
        let kept = payload.upTo(room - (start - packetStart.payload))
        if kept.byteCount > 0 { Masking.append(kept, key: key, phase: 0, to: &payloads) }
        return start..<payloads.count
    }

    /// Stores a payload, as far as there is room in all, and answers where.
    mutating func store(_ payload: [UInt8], room: Int) -> Range<Int> {
        store(payload.span.bytes, key: 0, room: room)
    }

    /// Stores a payload and answers where.
    package mutating func store(_ payload: [UInt8]) -> Range<Int> {
        let start = payloads.count
        payloads.append(contentsOf: payload)
        return start..<payloads.count
    }
}

extension Observation {
    /// Whether it is about nothing that stands before it.
    fileprivate var mayBegin: Bool { if case .finding = self { false } else { true } }

    fileprivate var payloadCount: Int {
        switch self {
        case .frame(let frame): frame.payload.count + frame.inflated.count
        case .message(let message): message.payload.count
        case .handshake, .finding, .connection, .tls: 0
        }
    }
}
