import TapCore

/// The Community ID v1 of a TCP flow: the same text in every tool for the same connection.
public enum CommunityID {
    public static func text(_ one: Endpoint, _ other: Endpoint) -> String {
        let key = FlowKey(one, other)
        let tcp: UInt8 = 6
        var input: [UInt8] = [0, 0]
        input += key.first.address.bytes
        input += key.second.address.bytes
        input += [tcp, 0]
        for port in [key.first.port, key.second.port] { input += [UInt8(port >> 8), UInt8(port & 0xFF)] }
        var hash = SHA1()
        hash.update(input.span.bytes)
        return "1:" + Base64.string(hash.finish().span.bytes)
    }
}
