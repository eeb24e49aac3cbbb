/// A UDP header, and all below it.
struct UDPDatagram {
    let source: Endpoint
    let destination: Endpoint
    let identification: UInt16

    func encode(payload: [UInt8], into buffer: inout [UInt8]) {
        let header = IPv4Header(
            source: source, destination: destination, transport: .udp, identification: identification)
        header.encode(payloadLength: 8 + payload.count, into: &buffer)
        let start = buffer.count
        buffer.append(bigEndian: source.port)
        buffer.append(bigEndian: destination.port)
        buffer.append(bigEndian: UInt16(8 + payload.count))
        buffer.append(bigEndian: UInt16(0))
        buffer.append(contentsOf: payload)
        let checksum = header.transportChecksum(from: start, in: buffer)
        // Zero means "no checksum". RFC 768.
        buffer.store(bigEndian: checksum == 0 ? 0xFFFF : checksum, at: start + 6)
    }
}
