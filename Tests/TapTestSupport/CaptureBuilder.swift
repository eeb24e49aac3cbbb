import TapCore

/// Builds capture files record by record, valid ones and others, and keeps what a reader should find in them.
package struct CaptureBuilder: Sendable {
    package enum Order: Sendable, CaseIterable {
        case big
        case little
    }

    package private(set) var bytes: [UInt8] = []
    /// What was added with the help of the packet methods.
    package private(set) var packets: [PacketRecord] = []
    /// Where the file's records end: its header, its packets, its blocks.
    package private(set) var recordEnds: [Int] = []
    /// How many packets lie before each of `recordEnds`.
    package private(set) var packetsBefore: [Int] = []

    private var order: Order

    package init(_ order: Order = .little) { self.order = order }

    package mutating func append(_ value: some FixedWidthInteger) {
        let laidOut = order == .big ? value.bigEndian : value.littleEndian
        withUnsafeBytes(of: laidOut) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ raw: [UInt8]) { bytes += raw }

    /// States that a record ends here, and the packet in it.
    private mutating func endRecord(_ packet: PacketRecord? = nil) {
        if let packet { packets.append(packet) }
        recordEnds.append(bytes.count)
        packetsBefore.append(packets.count)
    }
}

/// Classic pcap.
extension CaptureBuilder {
    package static func pcap(
        _ order: Order = .little, magic: UInt32 = 0xA1B2_C3D4, version: (UInt16, UInt16) = (2, 4),
        snapLength: UInt32 = 262_144, linkType: UInt32 = 1
    ) -> CaptureBuilder {
        var builder = CaptureBuilder(order)
        builder.append(magic)
        builder.append(version.0)
        builder.append(version.1)
        builder.append(UInt64(0))
        builder.append(snapLength)
        builder.append(linkType)
        builder.endRecord()
        return builder
    }

    /// `lengths` are those in the record header as they stand there; `patch` is what a patched libpcap adds to it.
    package mutating func record(
        seconds: UInt32, fraction: UInt32, lengths: (UInt32, UInt32)? = nil, patch: [UInt8] = [],
        as packet: PacketRecord
    ) {
        append(seconds)
        append(fraction)
        append(lengths?.0 ?? UInt32(packet.bytes.count))
        append(lengths?.1 ?? UInt32(packet.originalLength))
        append(patch + packet.bytes)
        endRecord(packet)
    }
}

/// snoop, which is always in big-endian order. RFC 1761.
extension CaptureBuilder {
    package static func snoop(version: UInt32 = 2, dataLink: UInt32 = 4) -> CaptureBuilder {
        var builder = CaptureBuilder(.big)
        builder.append(Array("snoop\0\0\0".utf8))
        builder.append(version)
        builder.append(dataLink)
        builder.endRecord()
        return builder
    }

    /// - Parameter padding: bytes behind the packet and what fills it up to a multiple of four.
    package mutating func snoopRecord(_ packet: PacketRecord, padding: Int = 0) {
        let body = packet.bytes.padded + [UInt8](repeating: 0, count: padding)
        append(UInt32(packet.originalLength))
        append(UInt32(packet.bytes.count))
        append(UInt32(24 + body.count))
        append(UInt32(0))
        append(UInt32(packet.nanoseconds / 1_000_000_000))
        append(UInt32(packet.nanoseconds % 1_000_000_000 / 1_000))
        append(body)
        endRecord(packet)
    }
}

/// pcapng.
extension CaptureBuilder {
    package static func pcapng(_ order: Order = .little) -> CaptureBuilder {
        var builder = CaptureBuilder(order)
        builder.section(order)
        return builder
    }

    /// `length` is that of all blocks of the section, as a hint for readers that want to skip it.
    package mutating func section(_ order: Order, options: [UInt8] = [], length: UInt64 = .max) {
        self.order = order
        block(0x0A0D_0D0A) {
            $0.append(UInt32(0x1A2B_3C4D))
            $0.append(UInt16(1))
            $0.append(UInt16(0))
            $0.append(length)
            $0.append(options)
        }
    }

    package mutating func interface(
        linkType: UInt16 = 1, snapLength: UInt32 = 0, resolution: UInt8? = nil, offsetSeconds: Int64? = nil
    ) {
        block(1) {
            $0.append(linkType)
            $0.append(UInt16(0))
            $0.append(snapLength)
            if let resolution {
                $0.append(UInt16(9))
                $0.append(UInt16(1))
                $0.append([resolution, 0, 0, 0])
            }
            if let offsetSeconds {
                $0.append(UInt16(14))
                $0.append(UInt16(8))
                $0.append(offsetSeconds)
            }
            if resolution != nil || offsetSeconds != nil { $0.append(UInt32(0)) }
        }
    }

    package mutating func enhancedPacket(
        interface: UInt32 = 0, ticks: UInt64, options: [UInt8] = [], as packet: PacketRecord
    ) {
        block(6, holding: packet) {
            $0.append(interface)
            $0.packetBody(ticks, packet)
            $0.append(options)
        }
    }

    package mutating func obsoletePacket(interface: UInt16 = 0, ticks: UInt64, as packet: PacketRecord) {
        block(2, holding: packet) {
            $0.append(interface)
            $0.append(UInt16(7))
            $0.packetBody(ticks, packet)
        }
    }

    package mutating func simplePacket(as packet: PacketRecord) {
        block(3, holding: packet) {
            $0.append(UInt32(packet.originalLength))
            $0.append(packet.bytes.padded)
        }
    }

    /// A block of any type; `lengthAtEnd` replaces the length at its end.
    package mutating func block(
        _ type: UInt32, holding packet: PacketRecord? = nil, lengthAtEnd: UInt32? = nil,
        body: (inout CaptureBuilder) -> Void
    ) {
        var inner = CaptureBuilder(order)
        body(&inner)
        let length = UInt32(inner.bytes.count + 12)
        append(type)
        append(length)
        append(inner.bytes)
        append(lengthAtEnd ?? length)
        endRecord(packet)
    }

    private mutating func packetBody(_ ticks: UInt64, _ packet: PacketRecord) {
        append(UInt32(ticks >> 32))
        append(UInt32(truncatingIfNeeded: ticks))
        append(UInt32(packet.bytes.count))
        append(UInt32(packet.originalLength))
        append(packet.bytes.padded)
    }
}

extension [UInt8] {
    /// With zeros up to a multiple of four bytes.
    fileprivate var padded: [UInt8] { self + [UInt8](repeating: 0, count: -count & 3) }
}
