import TapCore
import TapWebSocket

/// A protocol that says now and then that it is still alive. What an application sends is only taken for a heartbeat where
/// the handshake or the message itself names the protocol.
public enum ApplicationHeartbeat: String, CaseIterable, Sendable {
    /// Engine.IO, and so Socket.IO: packets 2 and 3.
    case engineIO = "engine.io"
    /// SockJS: the frame `h`.
    case sockJS = "sockjs"
    /// Phoenix channels: what is said on the topic `phoenix`.
    case phoenix
    /// SignalR: messages of type 6.
    case signalR = "signalr"
    /// GraphQL over WebSocket: `ping` and `pong`, or `ka` in the older protocol.
    case graphQL = "graphql"
    /// Action Cable: messages of type `ping`.
    case actionCable = "action-cable"
    /// MQTT: PINGREQ and PINGRESP.
    case mqtt
    /// STOMP: an empty line.
    case stomp
    /// Pusher Channels: `pusher:ping` and `pusher:pong`.
    case pusher
    /// SIP: line ends alone.
    case sip
    /// XMPP: white space alone.
    case xmpp
    /// AMQP 1.0: empty frames.
    case amqp
    case vite

    /// Longer messages say more than that somebody is alive.
    private static let longest = 512

    public init?(_ item: ApplicationItem) {
        guard item.isHeartbeat else { return nil }
        // Each has the name of its protocol, except that Socket.IO leaves heartbeats to Engine.IO.
        let beat = item.protocol == .socketIO ? ApplicationHeartbeat.engineIO.rawValue : item.protocol.rawValue
        self.init(rawValue: beat)
    }

    /// Tells by one whole message and by what was known before it, for those that do not follow the conversation: nothing in
    /// the message may be anything else.
    public init?(_ payload: ArraySlice<UInt8>, from sender: Sender, isText: Bool, _ context: ApplicationContext) {
        guard payload.count <= ApplicationHeartbeat.longest else { return nil }
        let start = Timestamp(nanoseconds: 0)
        let message = ApplicationMessage(number: 1, sender: sender, isText: isText, firstTime: start, time: start)
        var conversation = ApplicationConversation(context)
        var room = ApplicationRoom()
        var output = ApplicationOutput()
        let bytes = Array(payload)
        let span = bytes.span.bytes
        conversation.receive(span, message, room: &room, into: &output)
        let beats = output.items.map { ApplicationHeartbeat($0) }
        guard let first = beats.first, let beat = first, beats.allSatisfy({ $0 == beat }) else { return nil }
        self = beat
    }
}
