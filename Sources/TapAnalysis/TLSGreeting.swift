import TapCore
import TapSecurity

/// A connection of TLS that nothing can decrypt, of which only the client's hello has come.
struct TLSGreeting {
    let flow: FlowIdentity
    let client: Direction
    let hello: [UInt8]
    let packet: PacketHeader
    let isPeerBehind: Bool
}

/// What is told of connections without keys, at the price of reading two hellos.
extension Conversations {
    /// Keeps the hello of a connection that nothing can decrypt until the server's comes.
    mutating func greet(
        _ hello: RawSpan, _ identity: FlowIdentity, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) {
        let greeting = TLSGreeting(
            flow: identity, client: stream.direction, hello: [UInt8](hello), packet: packet, isPeerBehind: isPeerBehind)
        self[stream.flow] = .greeted(place: greetings.insert(greeting))
    }

    /// Mostly the answer to a hello tells all that there is to tell, and no more is wanted.
    mutating func receiveAnswer(
        _ bytes: RawSpan, _ place: Int32, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        if let greeting = greetings[place], greeting.client != stream.direction,
            let (facts, reason) = HelloGlance.facts(client: greeting.hello.span.bytes, server: bytes)
        {
            greetings.remove(at: place)
            context.report(greeting, facts, unread: reason)
            self[stream.flow] = .ignored
            return false
        }
        openTLS(place, on: stream.flow, in: packet)
        return received(bytes, on: stream, in: packet, isPeerBehind: isPeerBehind)
    }

    /// There is more to it than two hellos.
    mutating func openTLS(_ place: Int32, on flow: FlowID, in packet: PacketHeader) {
        guard let greeting = greetings[place] else { return }
        greetings.remove(at: place)
        var held = HeldBytes()
        held.append(
            greeting.hello.span.bytes, greeting.client, in: greeting.packet, isPeerBehind: greeting.isPeerBehind)
        openTLS(TLSStart(isStartCaptured: true, held: held, proxy: nil), greeting.flow, on: flow, in: packet)
    }
}

extension AnalysisContext {
    /// Tells of one that nothing can decrypt, by its hellos.
    fileprivate mutating func report(_ greeting: TLSGreeting, _ facts: TLSFacts, unread reason: TLSUnreadReason) {
        summary.tls.connections += 1
        summary.unread.tlsConnections += 1
        summary.tls.unread[reason, default: 0] += 1
        guard options.observesConnections else { return }
        let (client, server) = greeting.flow.key.peers(greeting.client)
        observations.append(
            .tls(
                UnreadTLS(
                    client: client, server: server, tls: TLSDetails(facts), reason: reason,
                    packet: greeting.packet.number, time: greeting.packet.timestamp)))
    }
}
