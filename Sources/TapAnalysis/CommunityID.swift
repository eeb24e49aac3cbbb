import TapCore

/// The Community ID v1 of a flow of TCP, or of UDP: the same text in every tool for the same connection.
public enum CommunityID {
    public static func text(_ one: Endpoint, _ other: Endpoint) -> String { text(one, other, protocolNumber: 6) }

    private static func text(_ one: Endpoint, _ other: Endpoint, protocolNumber: UInt8) -> String {
        let key = FlowKey(one, other)
        var input: [UInt8] = [0, 0]
        input += key.first.address.bytes
        input += key.second.address.bytes
        input += [protocolNumber, 0]
        for port in [key.first.port, key.second.port] { input += [UInt8(port >> 8), UInt8(port & 0xFF)] }
        var hash = SHA1()
        hash.update(input.span.bytes)
        return "1:" + Base64.string(hash.finish().span.bytes)
    }

    /// That of the flow which carries a connection: QUIC runs over UDP.
    public static func text(of handshake: Handshake) -> String {
        text(
            handshake.client, handshake.server, protocolNumber: handshake.stream?.transport.isOverUDP ?? false ? 17 : 6)
    }
}
