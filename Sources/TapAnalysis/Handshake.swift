import TapCore
import TapHTTP
import TapTransport
import TapWebSocket

/// An opening handshake, whole or in part, and what is wrong with it.
public struct Handshake: Sendable {
    /// The connection's number, counted from 1.
    public internal(set) var connection: Int
    /// The same connection's name, the same in every shard of a capture.
    public package(set) var connectionID: ConnectionID
    /// The VLANs and virtual networks that the client was seen in.
    public let network: NetworkID
    public package(set) var client: Endpoint
    public package(set) var server: Endpoint
    public package(set) var request: HTTPHead?
    public package(set) var response: HTTPHead?
    public let verdict: Verdict
    public package(set) var violations: [Violation]
    /// Where the handshake began: the request's last byte, or the response's, or the first packet with frames.
    public let packet: PacketNumber
    public let time: Timestamp
    /// How sure it is that this is WebSocket, in percent, where only its frames say so.
    public let confidence: Int?
    /// What a server that refuses says in the response's body, as far as it was decoded.
    public package(set) var responseBody: ResponseBody?
    /// What was said of the connection before its first head, by a proxy in front or to a SOCKS proxy.
    public package(set) var proxy: ProxyHeader?
    /// Which process on the machine that captured this is of, where the capture says so.
    public package(set) var process: CapturedProcess?
    /// The stream that the connection is, where HTTP/2 carries it.
    public package(set) var stream: TunnelStream?
    /// The connection of TLS that it was carried by.
    public package(set) var tls: TLSDetails?
    /// What carried that, where it was read.
    package internal(set) var carrier: TLSCarrier?
    /// The other leg of it, where it passed a proxy and that was known when it was told.
    public package(set) var pair: LegPair?
    /// How long the three segments of TCP took that opened the connection, in nanoseconds, where it is one and they were captured.
    public package(set) var roundTrip: Int64?
    /// Whether no frames and no end of a connection follow, though the verdict does not show it: what became of the request is
    /// not in the capture.
    public package(set) var leadsNowhere = false

    package init(
        connection: Int, connectionID: ConnectionID, network: NetworkID = .unnamed, client: Endpoint, server: Endpoint,
        request: HTTPHead?,
        response: HTTPHead?, verdict: Verdict, violations: [Violation], packet: PacketNumber, time: Timestamp,
        confidence: Int? = nil, proxy: ProxyHeader? = nil
    ) {
        self.connection = connection
        self.connectionID = connectionID
        self.network = network
        self.client = client
        self.server = server
        self.request = request
        self.response = response
        self.verdict = verdict
        self.violations = violations
        self.packet = packet
        self.time = time
        self.confidence = confidence
        self.proxy = proxy
    }

    /// Whether frames may follow.
    public var opensConnection: Bool { verdict.opensConnection && !leadsNowhere }

    /// The accept value that answers the request's key.
    public var expectedAccept: String? {
        request?.fields["Sec-WebSocket-Key"].first.map(AcceptKey.expected(for:))
    }

    /// Whether the response's accept value is the right one; `nil` where there is nothing to compare.
    public var isAcceptValid: Bool? {
        guard let expected = expectedAccept, let found = response?.fields["Sec-WebSocket-Accept"].first else {
            return nil
        }
        return expected == found
    }

    /// From the request's last byte to the response's, in nanoseconds; `nil` where one of them was not captured, or where the
    /// clock stepped back.
    public var responseTime: Int64? {
        guard let request, let response, request.isWhole, response.isWhole, response.time >= request.time else {
            return nil
        }
        return response.time.since(request.time)
    }

    /// The response's status.
    public var status: Int? { response?.status }

    /// Whether the server agreed: 101, or 2xx where the connection is a stream. RFC 8441 §5.
    public var isAgreed: Bool { stream == nil ? status == 101 : status.map { (200..<300).contains($0) } ?? false }

    /// The extensions in force, as the server named them.
    public var extensions: [String] { response?.fields.list("Sec-WebSocket-Extensions") ?? [] }
}
