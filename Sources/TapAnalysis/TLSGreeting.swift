import TapCore
import TapSecurity

/// A connection of TLS that nothing can decrypt, of which only the client's hello has come.
struct TLSGreeting {
    let flow: FlowIdentity
    /// See ``Handshake/roundTrip``; zero where nobody knows.
    let roundTrip: UInt32
    let client: Direction
    let hello: [UInt8]
    let packet: PacketHeader
    let isPeerBehind: Bool
}

/// The same once the server has answered. The client may still say why it goes away.
final class AnsweredGreeting {
    let flow: FlowIdentity
    let client: Direction
    let packet: PacketHeader
    let answered: HelloGlance.Answered

    init(_ greeting: TLSGreeting, _ answered: HelloGlance.Answered) {
        flow = greeting.flow
        client = greeting.client
        packet = greeting.packet
        self.answered = answered
    }
}

/// What is told of connections without keys, at the price of reading two hellos and a header.
extension Conversations {
    /// Keeps the hello of a connection that nothing can decrypt until the server's comes.
    mutating func greet(
        _ hello: RawSpan, _ identity: FlowIdentity, _ roundTrip: UInt32, on stream: StreamID, in packet: PacketHeader,
        isPeerBehind: Bool
    ) {
        let greeting = TLSGreeting(
            flow: identity, roundTrip: roundTrip, client: stream.direction, hello: [UInt8](hello), packet: packet,
            isPeerBehind: isPeerBehind)
        self[stream.flow] = .greeted(place: greetings.insert(greeting))
    }

    /// Mostly the answer to a hello tells all that there is to tell, and no more is wanted but what the client says next.
    mutating func receiveAnswer(
        _ bytes: RawSpan, _ place: Int32, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        if let greeting = greetings[place], greeting.client != stream.direction,
            let answered = HelloGlance.facts(client: greeting.hello.span.bytes, server: bytes)
        {
            greetings.remove(at: place)
            context.summary.tls.connections += 1
            context.summary.unread.tlsConnections += 1
            let known = answeredGreetings.insert(AnsweredGreeting(greeting, answered))
            self[stream.flow] = .answered(place: known)
            return false
        }
        openTLS(place, on: stream.flow, in: packet)
        return received(bytes, on: stream, in: packet, isPeerBehind: isPeerBehind)
    }

    func awaitsNext(on flow: FlowID) -> Direction? {
        if case .answered(let place) = self[flow] { answeredGreetings[place]?.client } else { nil }
    }

    mutating func receivedNext(_ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader) -> Bool {
        context.part = stream.flow.shard
        guard case .answered(let place) = self[stream.flow],
            let answer = answeredGreetings[place]?.answered.answer(bytes)
        else { return false }
        switch answer {
        case .toCome: return true
        case .alert(let alert) where alert.isFatal:
            finishAnswered(place, with: UnreadTLS.Alert(sender: .client, description: alert.name))
        case .encryptedAlert: finishAnswered(place, with: .encrypted)
        case .alert, .other: finishAnswered(place)
        }
        self[stream.flow] = .ignored
        return false
    }

    /// Nothing more is known of it.
    /// - Parameter alert: why the client has closed it, where it said so.
    mutating func finishAnswered(_ place: Int32, with alert: UnreadTLS.Alert? = nil) {
        guard let greeting = answeredGreetings[place] else { return }
        answeredGreetings.remove(at: place)
        context.report(greeting, alert)
    }

    /// There is more to it than two hellos.
    mutating func openTLS(_ place: Int32, on flow: FlowID, in packet: PacketHeader) {
        guard let greeting = greetings[place] else { return }
        greetings.remove(at: place)
        var held = HeldBytes()
        held.append(
            greeting.hello.span.bytes, greeting.client, in: greeting.packet, isPeerBehind: greeting.isPeerBehind)
        openTLS(
            TLSStart(isStartCaptured: true, held: held, proxy: nil), greeting.flow, greeting.roundTrip, on: flow,
            in: packet)
    }
}

extension AnalysisContext {
    /// Tells of one that nothing can decrypt, by its hellos.
    fileprivate mutating func report(_ greeting: AnsweredGreeting, _ alert: UnreadTLS.Alert?) {
        // What an alert says that can be read is why.
        let reason = alert?.description == nil ? greeting.answered.reason : nil
        if let reason { summary.tls.unread[reason, default: 0] += 1 } else { summary.tls.failed += 1 }
        guard options.observesConnections else { return }
        let (client, server) = greeting.flow.key.peers(greeting.client)
        observations.append(
            .tls(
                UnreadTLS(
                    client: client, server: server, tls: TLSDetails(greeting.answered.facts), reason: reason,
                    packet: greeting.packet.number, time: greeting.packet.timestamp, alert: alert)))
    }
}
