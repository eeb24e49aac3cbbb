import TapCore

extension CapturedPacket {
    /// The same packet of Ethernet in a VLAN, or in several, the outermost first.
    package func tagged(_ vlans: UInt16...) -> CapturedPacket {
        var packet = self
        let tags: [UInt8] = vlans.flatMap { (vlan: UInt16) -> [UInt8] in [0x81, 0x00] + bigEndian(vlan) }
        packet.bytes.insert(contentsOf: tags, at: 12)
        packet.header.originalLength += tags.count
        return packet
    }

    /// The same packet of raw IPv4 in fragments of so many units of eight bytes.
    package func inFragments(of units: Int, identification: UInt32 = 7) -> [CapturedPacket] {
        var ip = FragmentBytes(Array(bytes.dropFirst(20)))
        ip.identification = identification
        ip.source = IPAddress(ipv4: bytes[12..<16].reduce(0) { $0 << 8 | UInt32($1) })
        ip.destination = IPAddress(ipv4: bytes[16..<20].reduce(0) { $0 << 8 | UInt32($1) })
        return ip.parts(of: units).map { part in
            var part = part
            (part.header.number, part.header.timestamp) = (header.number, header.timestamp)
            return part
        }
    }
}
