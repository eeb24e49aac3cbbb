/// The protocols that messages are annotated in; the raw values are their names in records.
public enum ApplicationProtocol: String, CaseIterable, Sendable, Codable {
    case mqtt
    case stomp
    /// Engine.IO, and Socket.IO on it.
    case socketIO = "socket.io"
    case sockJS = "sockjs"
    /// Both `graphql-transport-ws` and the older `graphql-ws`.
    case graphQL = "graphql"
    case jsonRPC = "json-rpc"
    case ocpp
    case signalR = "signalr"
    case wamp
    case xmpp
    case amqp
    case sip
    case phoenix
    case actionCable = "action-cable"
    case pusher
    case jupyter
    case kubernetes
    /// The Chrome DevTools Protocol.
    case cdp
    case vite
    case webpack
    /// Any other JSON object or array.
    case json
    /// A binary message that wholly is one value of it.
    case messagePack = "msgpack"
    case cbor
    /// The Remote Framebuffer Protocol, which VNC speaks.
    case rfb
    /// A binary message of which somebody says that it is Protocol Buffers.
    case protobuf
}
