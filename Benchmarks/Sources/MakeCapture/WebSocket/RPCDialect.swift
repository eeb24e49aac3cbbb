/// How calls, answers and what wants no answer are written.
enum RPCDialect {
    /// JSON-RPC 2.0: the client calls, and the server notifies.
    case jsonRPC
    /// Socket.IO 5 over Engine.IO 4: both sides emit events, and some of them want to be acknowledged.
    case socketIO

    var requestTarget: String {
        switch self {
        case .jsonRPC: "/rpc"
        case .socketIO: "/socket.io/?EIO=4&transport=websocket"
        }
    }

    var firstNumber: Int {
        switch self {
        case .jsonRPC: 1
        case .socketIO: 0
        }
    }

    /// What opens the session: in Engine.IO its parameters, in Socket.IO a namespace.
    func greetings(random: inout RandomSource) -> [(side: Side, text: String)] {
        switch self {
        case .jsonRPC:
            return []
        case .socketIO:
            let session = Base64.encode(random.bytes(15))
            let socket = Base64.encode(random.bytes(15))
            let parameters = "\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000"
            return [
                (.server, "0{\"sid\":\"\(session)\",\(parameters)}"),
                (.client, "40"),
                (.server, "40{\"sid\":\"\(socket)\"}"),
            ]
        }
    }

    func caller(random: inout RandomSource) -> Side {
        switch self {
        case .jsonRPC: .client
        case .socketIO: random.chance(percent: 80) ? .client : .server
        }
    }

    func notifier(random: inout RandomSource) -> Side {
        switch self {
        case .jsonRPC: .server
        case .socketIO: random.side()
        }
    }

    func call(_ number: Int) -> MessageForm {
        switch self {
        case .jsonRPC:
            let head = "{\"jsonrpc\":\"2.0\",\"id\":\(number),\"method\":"
            return MessageForm(
                (head + "\"orders.place\",\"params\":{\"pair\":\"BTC-EUR\",\"amount\":12.5,\"note\":\"", "\"}}"),
                (head + "\"get\",\"params\":[\"", "\"]}"),
                short: head + "\"list\"}")
        case .socketIO:
            return MessageForm(("42\(number)[\"order\",{\"note\":\"", "\"}]"))
        }
    }

    /// One answer in twenty says that the call failed, where there is a way to say so.
    func answer(_ number: Int, random: inout RandomSource) -> MessageForm {
        switch self {
        case .jsonRPC:
            let head = "{\"jsonrpc\":\"2.0\",\"id\":\(number),"
            let failed = random.chance(percent: 5)
            let long = failed ? "\"error\":{\"code\":-32000,\"message\":\"" : "\"result\":{\"done\":true,\"note\":\""
            return MessageForm((head + long, "\"}}"), (head + "\"result\":\"", "\"}"))
        case .socketIO:
            return MessageForm(("43\(number)[{\"done\":true,\"note\":\"", "\"}]"))
        }
    }

    var notification: MessageForm {
        switch self {
        case .jsonRPC:
            MessageForm(
                ("{\"jsonrpc\":\"2.0\",\"method\":\"ticker\",\"params\":[\"", "\"]}"),
                short: "{\"jsonrpc\":\"2.0\",\"method\":\"room.updated\"}")
        case .socketIO:
            MessageForm(("42[\"event\",{\"note\":\"", "\"}]"))
        }
    }
}
