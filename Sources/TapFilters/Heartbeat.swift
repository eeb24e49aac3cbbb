import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

/// A protocol that says now and then that it is still alive. What an application sends is only taken for a heartbeat
/// where the handshake or the message itself names the protocol.
public enum Heartbeat: String, CaseIterable, Sendable {
    /// Pings and pongs. RFC 6455 §5.5.2.
    case webSocket = "websocket"
    /// Engine.IO, and so Socket.IO: packets 2 and 3.
    case engineIO = "engine.io"
    /// SockJS: the frame `h`.
    case sockJS = "sockjs"
    /// Phoenix channels: the event `heartbeat` on the topic `phoenix`, and the reply.
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

    /// Messages of SignalR end with it.
    private static let recordSeparator: UInt8 = 0x1E
    private static let phoenixTopic = FilterPart(#""phoenix""#.utf8)

    /// Longer messages say more than that somebody is alive.
    private static let longest = 512

    init?(_ opcode: Opcode) {
        guard opcode == .ping || opcode == .pong else { return nil }
        self = .webSocket
    }

    /// Tells by a whole message and by the handshake before it.
    init?(_ message: Message, _ payload: ArraySlice<UInt8>, after handshake: Handshake?) {
        guard message.isWhole, message.length <= UInt64(Heartbeat.longest), UInt64(payload.count) == message.length
        else {
            return nil
        }
        let found =
            message.kind == .text
            ? Heartbeat.ofText(payload, from: message.sender, after: handshake) : Heartbeat.ofBytes(payload, handshake)
        guard let found else { return nil }
        self = found
    }

    private static func ofText(
        _ text: ArraySlice<UInt8>, from sender: Sender, after handshake: Handshake?
    ) -> Heartbeat? {
        if text.elementsEqual("2".utf8) || text.elementsEqual("3".utf8) {
            return handshake?.target.contains("EIO=") == true ? .engineIO : nil
        }
        if text.elementsEqual("h".utf8) {
            return sender == .server && handshake?.isOfSockJS == true ? .sockJS : nil
        }
        if text.elementsEqual("\n".utf8) || text.elementsEqual("\r\n".utf8) {
            return handshake?.hasProtocol { $0.hasSuffix(".stomp") } == true ? .stomp : nil
        }
        return ofJSON(text, after: handshake)
    }

    private static func ofJSON(_ text: ArraySlice<UInt8>, after handshake: Handshake?) -> Heartbeat? {
        guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return nil }
        // Most JSON is none of these: it is only taken apart where something speaks for it.
        let isOfSignalR = text.last == Heartbeat.recordSeparator
        let hasTypes = handshake?.hasProtocol { $0.hasPrefix("graphql-") || $0.hasPrefix("actioncable-") } == true
        guard isOfSignalR || hasTypes || Heartbeat.phoenixTopic.isIn(text) else { return nil }
        let outline = JSONOutline(text)
        if outline.isPhoenixHeartbeat { return .phoenix }
        guard let type = outline["type"] else { return nil }
        if type == "6", outline.count == 1, isOfSignalR { return .signalR }
        switch type {
        case #""ka""#: return handshake?.hasProtocol { $0 == "graphql-ws" } == true ? .graphQL : nil
        case #""ping""# where handshake?.hasProtocol({ $0.hasPrefix("actioncable-") }) == true: return .actionCable
        case #""ping""#, #""pong""#:
            return handshake?.hasProtocol { $0 == "graphql-transport-ws" } == true ? .graphQL : nil
        default: return nil
        }
    }

    private static func ofBytes(_ bytes: ArraySlice<UInt8>, _ handshake: Handshake?) -> Heartbeat? {
        let isPing = bytes.elementsEqual([0xC0, 0x00]) || bytes.elementsEqual([0xD0, 0x00])
        return isPing && handshake?.hasProtocol { $0 == "mqtt" || $0 == "mqttv3.1" } == true ? .mqtt : nil
    }
}

extension Handshake {
    var target: String {
        if case .request(_, let target, _) = request?.startLine { target } else { "" }
    }

    /// Whether the server chose such a subprotocol; where its answer was not captured, whether the client offers one.
    fileprivate func hasProtocol(_ isMeant: (String) -> Bool) -> Bool {
        (response ?? request)?.fields.list("Sec-WebSocket-Protocol").contains(where: isMeant) ?? false
    }

    /// `/prefix/server/session/websocket`; without the session it is plain WebSocket.
    fileprivate var isOfSockJS: Bool {
        let path = target.prefix { $0 != "?" }.split(separator: "/")
        return path.count >= 3 && path.last == "websocket"
    }
}
