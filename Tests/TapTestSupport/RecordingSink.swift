import TapCore

/// Writes down what a flow table tells, and notes every call that breaks the contract of ``StreamSink``.
package struct RecordingSink: StreamSink {
    package struct Gap: Equatable, Sendable {
        package let count: Int
        package let reason: GapReason
        /// How many bytes of the stream were captured before it.
        package let offset: Int

        package init(_ count: Int, _ reason: GapReason, at offset: Int) {
            self.count = count
            self.reason = reason
            self.offset = offset
        }
    }

    package struct Stream: Equatable, Sendable {
        package fileprivate(set) var bytes: [UInt8] = []
        package fileprivate(set) var gaps: [Gap] = []
        package fileprivate(set) var anomalies: [SegmentAnomaly] = []
        package fileprivate(set) var end: StreamEnd?
        package fileprivate(set) var isEndCaptured = false
        package fileprivate(set) var isEndBehindHole = false
        /// The number of each packet that brought bytes.
        package fileprivate(set) var packets: [UInt64] = []
        /// Those of them whose sender had acknowledged bytes of its peer that were not passed on yet.
        package fileprivate(set) var packetsBeforeTheirPeers: [UInt64] = []

        package var text: String { String(decoding: bytes, as: UTF8.self) }
        package var missed: Int { gaps.reduce(0) { $0 + $1.count } }
    }

    package struct Flow: Equatable, Sendable {
        package let key: FlowKey
        package let network: NetworkID
        package let isStartCaptured: Bool
        package fileprivate(set) var fromFirst = Stream()
        package fileprivate(set) var fromSecond = Stream()
        package fileprivate(set) var end: StreamEnd?
        /// The number of each packet that brought bytes, of both directions as they were passed on.
        package fileprivate(set) var packets: [UInt64] = []
        fileprivate var isUnwanted = false

        package func stream(from endpoint: Endpoint) -> Stream { endpoint == key.first ? fromFirst : fromSecond }

        fileprivate subscript(direction: Direction) -> Stream {
            get { direction == .fromFirst ? fromFirst : fromSecond }
            set { if direction == .fromFirst { fromFirst = newValue } else { fromSecond = newValue } }
        }
    }

    /// What TCP had to do.
    package struct Event: Equatable, Sendable {
        package let event: TransportEvent
        package let endpoint: Endpoint
        package let packet: UInt64
    }

    package private(set) var events: [Event] = []
    /// In the order in which they were opened.
    package private(set) var flows: [Flow] = []
    /// What broke the contract.
    package private(set) var breaches: [String] = []
    /// After how many bytes of a flow it is of no further interest.
    package var interest = Int.max
    private var places: [FlowID: Int] = [:]

    package init() {}

    package mutating func opened(_ flow: FlowID, _ identity: FlowIdentity, isStartCaptured: Bool) {
        if places[flow] != nil { breaches.append("opened twice: \(identity.key)") }
        places[flow] = flows.count
        flows.append(Flow(key: identity.key, network: identity.network, isStartCaptured: isStartCaptured))
    }

    package mutating func received(
        _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        guard let place = place(of: stream, "received") else { return false }
        if bytes.isEmpty { breaches.append("received nothing") }
        bytes.withUnsafeBytes { flows[place][stream.direction].bytes.append(contentsOf: $0) }
        flows[place][stream.direction].packets.append(packet.number.rawValue)
        flows[place].packets.append(packet.number.rawValue)
        if isPeerBehind { flows[place][stream.direction].packetsBeforeTheirPeers.append(packet.number.rawValue) }
        flows[place].isUnwanted = flows[place].fromFirst.bytes.count + flows[place].fromSecond.bytes.count > interest
        return !flows[place].isUnwanted
    }

    package mutating func missed(
        _ count: Int, because reason: GapReason, on stream: StreamID, before packet: PacketHeader
    ) {
        guard let place = place(of: stream, "missed") else { return }
        if count <= 0 { breaches.append("missed \(count) bytes") }
        let offset = flows[place][stream.direction].bytes.count
        flows[place][stream.direction].gaps.append(Gap(count, reason, at: offset))
    }

    package mutating func found(_ anomaly: SegmentAnomaly, on stream: StreamID, in packet: PacketHeader) {
        guard let place = place(of: stream, "found") else { return }
        flows[place][stream.direction].anomalies.append(anomaly)
    }

    package mutating func noted(_ event: TransportEvent, on stream: StreamID, in packet: PacketHeader) {
        guard let place = places[stream.flow] else { return breaches.append("noted on a flow that is not open") }
        let sender = flows[place].key.peers(stream.direction).sender
        events.append(Event(event: event, endpoint: sender, packet: packet.number.rawValue))
    }

    package mutating func ended(_ end: DirectionEnd, on stream: StreamID, in packet: PacketHeader) {
        guard let place = place(of: stream, "ended") else { return }
        flows[place][stream.direction].end = end.reason
        flows[place][stream.direction].isEndCaptured = end.isCaptured
        flows[place][stream.direction].isEndBehindHole = end.isBehindHole
    }

    package mutating func closing(_ flow: FlowID, openedIn opening: PacketNumber) {
        if places[flow] == nil { breaches.append("closing a flow that is not open") }
    }

    package mutating func closed(_ flow: FlowID, _ key: FlowKey, _ reason: StreamEnd, in packet: PacketHeader) {
        guard let place = places.removeValue(forKey: flow) else {
            breaches.append("closed a flow that is not open")
            return
        }
        flows[place].end = reason
    }

    private mutating func place(of stream: StreamID, _ call: String) -> Int? {
        guard let place = places[stream.flow] else {
            breaches.append("\(call) on a flow that is not open")
            return nil
        }
        if flows[place][stream.direction].end != nil { breaches.append("\(call) after the direction's end") }
        if flows[place].isUnwanted { breaches.append("\(call) on a flow of no interest") }
        return place
    }
}
