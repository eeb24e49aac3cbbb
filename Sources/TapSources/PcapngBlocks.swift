import TapCore

/// The blocks that a writer of pcapng needs, in little-endian order.
enum PcapngBlocks {
    /// - Parameters:
    ///   - comments: on the section.
    ///   - shard: what it says where it is one of a shard.
    static func appendSectionHeader(
        application: String, comments: [[UInt8]] = [], shard: ShardSection? = nil, to output: inout [UInt8]
    ) {
        appendBlock(0x0A0D_0D0A, to: &output) { output in
            output.appendLittleEndian(UInt32(0x1A2B_3C4D))
            output.appendLittleEndian(UInt16(1))
            output.appendLittleEndian(UInt16(0))
            // The section's length is not known beforehand.
            output.appendLittleEndian(UInt64.max)
            appendOption(4, application.utf8, to: &output)
            for comment in comments { appendOption(PcapngOptions.comment, comment, to: &output) }
            if let shard { appendOption(ShardSection.option, shard.text.utf8, to: &output) }
            appendEndOfOptions(to: &output)
        }
    }

    /// - Parameter details: what a file says of the interface.
    static func appendInterface(
        _ linkType: UInt16, like details: PcapngInterface?, comments: [[UInt8]] = [], to output: inout [UInt8]
    ) {
        appendBlock(1, to: &output) { output in
            output.appendLittleEndian(linkType)
            output.appendLittleEndian(UInt16(0))
            output.appendLittleEndian(UInt32(clamping: details?.snapLength ?? 0))
            output += details?.words ?? []
            for comment in comments { appendOption(PcapngOptions.comment, comment, to: &output) }
            appendOption(9, CollectionOfOne(9), to: &output)
            appendEndOfOptions(to: &output)
        }
    }

    /// A block of statistics on the first interface with nothing but comments.
    static func appendStatistics(comments: [[UInt8]], to output: inout [UInt8]) {
        appendBlock(5, to: &output) { output in
            for _ in 0..<3 { output.appendLittleEndian(UInt32(0)) }
            for comment in comments { appendOption(PcapngOptions.comment, comment, to: &output) }
            appendEndOfOptions(to: &output)
        }
    }

    /// A block of a process, as Apple's libpcap writes it.
    static func appendProcess(_ process: CapturedProcess, to output: inout [UInt8]) {
        appendBlock(PcapngProcesses.blockType, to: &output) { output in
            output.appendLittleEndian(process.identifier)
            appendOption(PcapngProcesses.nameCode, process.name.utf8, to: &output)
            appendEndOfOptions(to: &output)
        }
    }

    /// A block of names; there is room for all of an address.
    static func appendNames(_ names: [String], of address: IPAddress, to output: inout [UInt8]) {
        let bytes = address.bytes
        appendBlock(4, to: &output) { output in
            appendOption(bytes.count == 4 ? 1 : 2, bytes + names.flatMap { Array($0.utf8) + [0] }, to: &output)
            appendEndOfOptions(to: &output)
        }
    }

    /// A packet of another shard at which it was time to scan for idle connections.
    static func appendMark(_ packet: PacketHeader, to output: inout [UInt8]) {
        appendBlock(PcapngShard.blockType, to: &output) { output in
            output.appendLittleEndian(PcapngShard.Kind.mark.rawValue)
            output.appendLittleEndian(packet.number.rawValue)
            output.appendLittleEndian(packet.timestamp.nanoseconds)
        }
    }

    /// The file that the next packets are of.
    static func appendFile(_ name: String, as number: UInt32, to output: inout [UInt8]) {
        let name = Array(name.utf8.prefix(Int(UInt16.max)))
        appendBlock(PcapngShard.blockType, to: &output) { output in
            output.appendLittleEndian(PcapngShard.Kind.file.rawValue)
            output.appendLittleEndian(number)
            output += name
            output.appendPadding(after: name.count)
        }
    }

    /// How much higher the numbers of the next packets are than in their file.
    static func appendOrigin(file: UInt32, ahead: UInt64, to output: inout [UInt8]) {
        appendBlock(PcapngShard.blockType, to: &output) { output in
            output.appendLittleEndian(PcapngShard.Kind.origin.rawValue)
            output.appendLittleEndian(file)
            output.appendLittleEndian(ahead)
        }
    }

    /// A packet of a shard, which keeps its number.
    static func appendNumberedPacket(
        _ header: PacketHeader, _ bytes: RawSpan, interface: UInt32, comments: [[UInt8]], process: UInt32?,
        to output: inout [UInt8]
    ) {
        appendBlock(6, to: &output) { output in
            appendFields(of: header, bytes, interface: interface, to: &output)
            appendOption(PcapngOptions.packetIdentifier, header.number.rawValue.littleEndianBytes, to: &output)
            for comment in comments { appendOption(PcapngOptions.comment, comment, to: &output) }
            if let process { appendOption(PcapngProcesses.processCode, process.littleEndianBytes, to: &output) }
            appendEndOfOptions(to: &output)
        }
    }

    static func appendInterface(
        _ linkType: UInt16, snapshotLength: UInt32, name: String?, to output: inout [UInt8]
    ) {
        appendBlock(1, to: &output) { output in
            output.appendLittleEndian(linkType)
            output.appendLittleEndian(UInt16(0))
            output.appendLittleEndian(snapshotLength)
            if let name { appendOption(2, name.utf8, to: &output) }
            appendOption(9, CollectionOfOne(9), to: &output)
            appendEndOfOptions(to: &output)
        }
    }

    /// A Decryption Secrets Block with a key log.
    static func appendSecrets(_ keyLog: RawSpan, to output: inout [UInt8]) {
        appendBlock(10, to: &output) { output in
            output.appendLittleEndian(PcapngFormat.tlsKeyLog)
            output.appendLittleEndian(UInt32(clamping: keyLog.byteCount))
            output.append(keyLog)
            output.appendPadding(after: keyLog.byteCount)
        }
    }

    /// Times before 1970, which the format does not have, become 1970.
    static func appendPacket(
        _ header: PacketHeader, _ bytes: RawSpan, interface: UInt32, comments: [[UInt8]], to output: inout [UInt8]
    ) {
        appendBlock(6, to: &output) { output in
            appendFields(of: header, bytes, interface: interface, to: &output)
            guard !comments.isEmpty else { return }
            for comment in comments { appendOption(1, comment, to: &output) }
            appendEndOfOptions(to: &output)
        }
    }

    private static func appendFields(
        of header: PacketHeader, _ bytes: RawSpan, interface: UInt32, to output: inout [UInt8]
    ) {
        let ticks = UInt64(clamping: header.timestamp.nanoseconds)
        output.appendLittleEndian(interface)
        output.appendLittleEndian(UInt32(ticks >> 32))
        output.appendLittleEndian(UInt32(truncatingIfNeeded: ticks))
        output.appendLittleEndian(UInt32(clamping: bytes.byteCount))
        output.appendLittleEndian(UInt32(clamping: max(bytes.byteCount, header.originalLength)))
        output.append(bytes)
        output.appendPadding(after: bytes.byteCount)
    }

    private static func appendBlock(_ type: UInt32, to output: inout [UInt8], body: (inout [UInt8]) -> Void) {
        let start = output.count
        output.appendLittleEndian(type)
        output.appendLittleEndian(UInt32(0))
        body(&output)
        let length = UInt32(clamping: output.count - start + 4)
        output.appendLittleEndian(length)
        // A slice of the output in its own place would copy all of it.
        for (place, byte) in length.littleEndianBytes.enumerated() { output[start + 4 + place] = byte }
    }

    /// Values that are too long for an option are cut.
    static func appendOption(_ code: UInt16, _ value: some Collection<UInt8>, to output: inout [UInt8]) {
        let value = value.prefix(Int(UInt16.max))
        output.appendLittleEndian(code)
        output.appendLittleEndian(UInt16(clamping: value.count))
        output.append(contentsOf: value)
        output.appendPadding(after: value.count)
    }

    /// A value that is short enough.
    static func appendOption(_ code: UInt16, _ value: RawSpan, to output: inout [UInt8]) {
        output.appendLittleEndian(code)
        output.appendLittleEndian(UInt16(clamping: value.byteCount))
        output.append(value)
        output.appendPadding(after: value.byteCount)
    }

    private static func appendEndOfOptions(to output: inout [UInt8]) { output.appendLittleEndian(UInt32(0)) }
}

extension FixedWidthInteger {
    fileprivate var littleEndianBytes: [UInt8] { Swift.withUnsafeBytes(of: littleEndian) { [UInt8]($0) } }
}

extension [UInt8] {
    fileprivate mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Fills up to a multiple of four bytes.
    fileprivate mutating func appendPadding(after count: Int) {
        append(contentsOf: repeatElement(0, count: -count & 3))
    }
}
