import TapCore
import TapTestSupport
import TapWebSocket

extension HardCapture {
    static let tunnels = Tunneling.allCases.map(tunnelled) + nested + authenticated

    private static func tunnelled(_ tunneling: Tunneling) -> HardCapture {
        let dialogue = Dialogue.whole()
        return HardCapture(
            .networks, "packets tunnelled as \(tunneling)",
            packets: dialogue.segments.enveloped { _, segment in
                [Envelope.ethernet(Envelope.tunnel(tunneling, segment.ip, isReply: segment.sender == .server))]
            },
            frames: dialogue.frames, tsharkDiffers: tsharkDiffers(on: tunneling))
    }

    private static func tsharkDiffers(on tunneling: Tunneling) -> String? {
        switch tunneling {
        case .vxlanLinux: "it does not take port 8472, which Linux uses by default, for VXLAN"
        case .lispNamed: "it does not know headers that name what follows (RFC 9305)"
        case .capwapRadio: "it takes the bytes of the frame control field for swapped, as some access points swap them"
        case .erspan3IP: "of ERSPAN type III it reads mirrored Ethernet frames only, not IP packets"
        case _: nil
        }
    }

    private static let nested: [HardCapture] = {
        let dialogue = Dialogue.whole()
        let six = Dialogue.overIPv6()
        let reply = { (segment: ScriptedSegment) in segment.sender == .server }
        return [
            HardCapture(
                .networks, "IPv6 in IPv4 (6in4)",
                packets: six.segments.enveloped { [Envelope.ethernet(Envelope.ipv4(41, $1.ip, isReply: reply($1)))] },
                frames: six.frames),
            HardCapture(
                .networks, "IPv4 in IPv6 (4in6)",
                packets: dialogue.segments.enveloped {
                    [Envelope.ethernet(Envelope.ipv6(4, $1.ip, isReply: reply($1)))]
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "IPv6 in IPv6",
                packets: six.segments.enveloped { [Envelope.ethernet(Envelope.ipv6(41, $1.ip, isReply: reply($1)))] },
                frames: six.frames),
            HardCapture(
                .networks, "IP in IP, seven deep",
                packets: dialogue.segments.enveloped { _, segment in
                    [Envelope.ethernet((0..<7).reduce(segment.ip) { ip, _ in Envelope.ipv4(4, ip) })]
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "VXLAN in GRE in a VLAN",
                packets: dialogue.segments.enveloped { _, segment in
                    let inner = Envelope.vxlan(7, Envelope.ethernet(segment.ip))
                    return [Envelope.ethernet(Envelope.ipv4(47, [0, 0, 8, 0] + inner), vlans: [12])]
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "GTP-U in IPv6",
                packets: dialogue.segments.enveloped { _, segment in
                    let (number, payload) = Tunneling.gtpExtended.wrap(segment.ip, isIPv6: false)
                    return [Envelope.ethernet(Envelope.ipv6(number, payload, isReply: segment.sender == .server))]
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "the two directions in different kinds of tunnels",
                packets: dialogue.segments.enveloped { _, segment in
                    let tunneling: Tunneling = segment.sender == .client ? .gre : .geneveIP
                    return [Envelope.ethernet(Envelope.tunnel(tunneling, segment.ip, isReply: reply(segment)))]
                },
                frames: dialogue.frames),
        ]
    }()

    private static let authenticated: [HardCapture] = {
        let (dialogue, six) = (Dialogue.whole(), Dialogue.overIPv6())
        let readdressed = { (ip: [UInt8], segment: ScriptedSegment) in
            // The addresses of the outer header are those of the endpoints: transport mode.
            Array(ip.prefix(12)) + segment.source.address.bytes + segment.destination.address.bytes
                + ip.dropFirst(20)
        }
        return [
            HardCapture(
                .networks, "an IPv4 authentication header",
                packets: dialogue.segments.enveloped { _, segment in
                    let ip = Envelope.ipv4(51, Envelope.authenticated(6, segment.tcp))
                    return [Envelope.ethernet(readdressed(ip, segment))]
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "an authenticated tunnel",
                packets: dialogue.segments.enveloped { _, segment in
                    [Envelope.ethernet(Envelope.ipv4(51, Envelope.authenticated(4, segment.ip)))]
                },
                frames: dialogue.frames),
            HardCapture(
                .networks, "IPv6 extension headers, an authentication header among them",
                packets: six.segments.enveloped { _, segment in
                    var ip = IPv6Bytes(segment.tcp)
                    (ip.source, ip.destination) = (segment.source.address, segment.destination.address)
                    ip.extensions = [.options(0), .authentication(words: 4), .options(60, units: 2)]
                    return [Envelope.ethernet(ip.bytes)]
                },
                frames: six.frames),
        ]
    }()
}

extension Dialogue {
    /// The same as ``whole(connection:port:clientISN:)``, over IPv6.
    static func overIPv6() -> Dialogue {
        var conversation = Conversation(
            client: Endpoint("2001:db8::1", 49_152), server: Endpoint("2001:db8::2", 80))
        conversation.upgrade()
        return whole(conversation)
    }
}
