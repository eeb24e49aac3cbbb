import TapTestSupport
import TapWebSocket

extension HardCapture {
    private static let inTunnel = "it shows what is in a tunnel through a proxy as plain data"

    private static func preamble(_ name: String, _ bytes: [UInt8], segmentSize: Int = 1_460) -> HardCapture {
        http(name, before: [(.client, bytes)], segmentSize: segmentSize)
    }

    private static func tunnel(_ name: String, _ turns: [(Sender, [UInt8])]) -> HardCapture {
        http(name, before: turns, tsharkDiffers: inTunnel)
    }

    private static let connect = wire("CONNECT a.example:80 HTTP/1.1\nHost: a.example:80\n\n")
    private static let established = wire("HTTP/1.1 200 Connection established\n\n")

    static let httpProxies: [HardCapture] = [
        preamble("the PROXY line for IPv4", ProxyBytes.line("TCP4 203.0.113.7 192.0.2.1 56324 443")),
        preamble("the PROXY line for IPv6", ProxyBytes.line("TCP6 2001:db8::1 2001:db8::2 56324 443")),
        preamble("the PROXY line that knows nothing", ProxyBytes.line("UNKNOWN")),
        preamble("the PROXY line, byte by byte", ProxyBytes.line("TCP4 203.0.113.7 192.0.2.1 1 2"), segmentSize: 1),
        preamble("the binary PROXY header", ProxyBytes.block(family: 0x11, ProxyBytes.internet)),
        preamble(
            "the binary PROXY header with further fields, byte by byte",
            ProxyBytes.block(
                family: 0x11, ProxyBytes.internet + ProxyBytes.field(4, [UInt8](repeating: 0x0A, count: 200))),
            segmentSize: 1),
        preamble("the binary PROXY header of the proxy itself", ProxyBytes.block(command: 0x20, family: 0, [])),
        preamble(
            "the binary PROXY header with sockets of Unix",
            ProxyBytes.block(family: 0x31, ProxyBytes.path("/run/a") + ProxyBytes.path("/run/b"))),
        tunnel("a tunnel through a proxy", [(.client, connect), (.server, established)]),
        tunnel(
            "a tunnel whose answer states a length",
            [(.client, connect), (.server, wire("HTTP/1.1 200 OK\nContent-Length: 500\n\n"))]),
        tunnel(
            "a tunnel in a tunnel",
            [(.client, connect), (.server, established), (.client, connect), (.server, established)]),
        tunnel(
            "a tunnel that needs a password",
            [
                (.client, connect),
                (.server, wire("HTTP/1.1 407 Who?\nContent-Length: 12\n\nHTTP/1.1 101")), (.client, connect),
                (.server, established),
            ]),
        tunnel(
            "other requests in the tunnel first",
            [(.client, connect), (.server, established), (.client, get), (.server, done)]),
        http(
            "SOCKS 5 before the request",
            before: [
                (.client, [5, 1, 0]), (.server, [5, 0]), (.client, [5, 1, 0, 3, 6] + wire("a.test") + [0, 80]),
                (.server, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
            ]),
        http(
            "SOCKS 5 with a password before the request",
            before: [
                (.client, [5, 2, 0, 2]), (.server, [5, 2]), (.client, [1, 1, 0x75, 1, 0x70]), (.server, [1, 0]),
                (.client, [5, 1, 0, 1, 192, 0, 2, 7, 0, 80]), (.server, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
            ]),
        http(
            "SOCKS 4 before the request",
            before: [(.client, [4, 1, 0, 80, 192, 0, 2, 7, 0]), (.server, [0, 0x5A, 0, 0, 0, 0, 0, 0])]),
        tunnel(
            "the PROXY line in a tunnel",
            [(.client, connect), (.server, established), (.client, ProxyBytes.line("UNKNOWN"))]),
    ]

    static let httpTiming: [HardCapture] = [
        hasty("the tunnel's first request before the tunnel is there", connect, established, tsharkDiffers: inTunnel),
        hasty("the upgrade request before the answer to another", get, done),
    ]

    /// The upgrade request comes in the segment of the request before it.
    private static func hasty(_ name: String, _ request: [UInt8], _ answer: [UInt8], tsharkDiffers: String? = nil)
        -> HardCapture
    {
        var conversation = Conversation.opened
        conversation.send(request + upgradeRequest, from: .client)
        conversation.send(answer, from: .server)
        conversation.send(HandshakeBytes().response.bytes, from: .server)
        var dialogue = Dialogue(conversation)
        dialogue.talk()
        dialogue.close()
        return HardCapture(.http, name, dialogue.segments, frames: dialogue.frames, tsharkDiffers: tsharkDiffers)
    }
}
