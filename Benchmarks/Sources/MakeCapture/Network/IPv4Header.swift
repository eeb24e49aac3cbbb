/// An Ethernet and an IPv4 header without options.
struct IPv4Header {
    enum Transport: UInt8 {
        case tcp = 6
        case udp = 17
    }

    static let length = 20
    /// With the Ethernet header before it.
    static let lengthOnEthernet = 14 + length

    let source: Endpoint
    let destination: Endpoint
    let transport: Transport
    let identification: UInt16

    /// Appends both headers, with the right checksum, for a packet with so many bytes after them.
    func encode(payloadLength: Int, into buffer: inout [UInt8]) {
        buffer.append(bigEndian: UInt32(truncatingIfNeeded: destination.hardwareAddress >> 16))
        buffer.append(bigEndian: UInt16(truncatingIfNeeded: destination.hardwareAddress))
        buffer.append(bigEndian: UInt32(truncatingIfNeeded: source.hardwareAddress >> 16))
        buffer.append(bigEndian: UInt16(truncatingIfNeeded: source.hardwareAddress))
        buffer.append(bigEndian: UInt16(0x0800))

        let words: [5 of UInt32] = [
            0x4500_0000 | UInt32(Self.length + payloadLength),
            UInt32(identification) << 16 | 0x4000,
            0x4000_0000 | UInt32(transport.rawValue) << 16,
            source.address,
            destination.address,
        ]
        var checksum = InternetChecksum()
        for index in words.indices { checksum.add(words[index]) }
        for index in words.indices {
            buffer.append(bigEndian: index == 2 ? words[index] | UInt32(checksum.value) : words[index])
        }
    }

    /// The checksum of the transport header and payload that start at `start`, with the pseudo header in front.
    func transportChecksum(from start: Int, in buffer: [UInt8]) -> UInt16 {
        var checksum = InternetChecksum()
        checksum.add(source.address)
        checksum.add(destination.address)
        checksum.add(UInt32(transport.rawValue))
        checksum.add(UInt32(buffer.count - start))
        unsafe checksum.add(buffer.span.bytes.extracting(start..<buffer.count))
        return checksum.value
    }
}
