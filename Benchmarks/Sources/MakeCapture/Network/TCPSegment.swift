/// A TCP header with timestamps, and all below it.
struct TCPSegment {
    /// The most payload that fits an Ethernet frame of 1,500 bytes beside the timestamps.
    static let longestPayload = 1448

    let header: IPv4Header
    let flags: TCPFlags
    let sequence: UInt32
    let acknowledgment: UInt32
    let timestamp: UInt32
    let timestampEcho: UInt32

    /// How long the packet is that carries so many bytes.
    func length(carrying count: Int) -> Int { IPv4Header.lengthOnEthernet + headerLength + count }

    private var headerLength: Int { flags.contains(.synchronize) ? 40 : 32 }

    func encode(payload: ArraySlice<UInt8>, into buffer: inout [UInt8]) {
        let opens = flags.contains(.synchronize)
        header.encode(payloadLength: headerLength + payload.count, into: &buffer)

        let start = buffer.count
        buffer.append(bigEndian: header.source.port)
        buffer.append(bigEndian: header.destination.port)
        buffer.append(bigEndian: sequence)
        buffer.append(bigEndian: acknowledgment)
        buffer.append(UInt8(headerLength / 4) << 4)
        buffer.append(flags.rawValue)
        buffer.append(bigEndian: UInt16(opens ? 64_240 : 502))
        buffer.append(bigEndian: UInt32(0))
        if opens {
            // Segments of up to 1,460 bytes; selective acknowledgment permitted.
            buffer.append(bigEndian: UInt32(0x0204_05B4))
            buffer.append(bigEndian: UInt16(0x0402))
        } else {
            buffer.append(bigEndian: UInt16(0x0101))
        }
        buffer.append(bigEndian: UInt16(0x080A))
        buffer.append(bigEndian: timestamp)
        buffer.append(bigEndian: timestampEcho)
        if opens {
            // Windows count in units of 128 bytes.
            buffer.append(bigEndian: UInt32(0x0103_0307))
        }
        buffer.append(contentsOf: payload)
        buffer.store(bigEndian: header.transportChecksum(from: start, in: buffer), at: start + 16)
    }
}
