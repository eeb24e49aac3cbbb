package import TapCore

/// Reads the packets of a pcapng file: all its sections, in either byte order, and all their interfaces.
package struct PcapngFormat {
    private var order: ByteOrder = .big
    private var interfaces = PcapngInterfaces()
    /// The comments that were read and not taken yet.
    private var comments: [CaptureComment] = []
    /// The key logs that were read and not taken yet.
    private var secrets: [CaptureSecrets] = []
    /// How many blocks have an option that does not fit into them, and where the first of them begins.
    private(set) var brokenOptions: (blocks: UInt64, first: UInt64) = (0, 0)
    /// What is to take up the names of addresses; `nil` where nobody wants them.
    var names: PcapngNames?
    /// The processes of the section; `nil` where there are none.
    private var processes: PcapngProcesses?
    /// How many were too many in their sections.
    private(set) var processesLeftOut: UInt64 = 0
    /// What the section says where it is one of a shard.
    private(set) var shard: PcapngShard?
    /// The section of the packet that was read last, and the kind of interface in that section that captured it.
    private(set) var interface: (section: Int, kind: Int) = (0, 0)

    /// Reads the first section header, or answers `nil` and consumes nothing where the file begins with none.
    package init?(from input: inout InputBuffer) throws(CaptureFault) {
        guard try input.fill(4), input.unread.uint32(at: 0) == PcapngBlock.sectionType else { return nil }
        guard try input.fill(12) else {
            throw CaptureFault(.cutOff(.fileHeader, present: input.count, expected: 12), at: 0)
        }
        guard PcapngFormat.byteOrder(input.unread) != nil else { return nil }
        guard let block = try nextBlock(from: &input) else { return nil }
        try beginSection(block, from: &input)
    }

    /// Moves `input` past the next packet; `nil` at the end of the file. The original length is as it stands there.
    package mutating func next(
        from input: inout InputBuffer, as number: PacketNumber
    ) throws(CaptureFault) -> PacketHeader? {
        while let block = try nextBlock(from: &input) {
            switch block.kind {
            case .section: try beginSection(block, from: &input)
            case .interface: try addInterface(block, from: &input)
            case .enhancedPacket, .obsoletePacket: return try packet(block, from: &input, as: number)
            case .simplePacket: return try simplePacket(block, from: &input, as: number)
            case .statistics: try readComments(on: .statistics, in: block, at: 20, from: &input)
            case .secrets: try readSecrets(block, from: &input)
            case .process: try addProcess(block, from: &input)
            case .names: try readNames(in: block, from: &input)
            case .shard: try readShard(block, from: &input)
            case .other: try pass(block, of: &input)
            }
        }
        return nil
    }

    /// The comments on the packet that was read last, and on other things before it, since they were taken last.
    mutating func takeComments() -> [CaptureComment] {
        // Nearly always there are none: then nothing is written.
        guard !comments.isEmpty else { return [] }
        defer { comments = [] }
        return comments
    }

    /// The process of the packet that was read last, if the file names one.
    var process: CapturedProcess? { processes?.present }

    /// The key logs that came before the packet that was read last, since they were taken last.
    mutating func takeSecrets() -> [CaptureSecrets] {
        guard !secrets.isEmpty else { return [] }
        defer { secrets = [] }
        return secrets
    }

    /// A Decryption Secrets Block; others than TLS key logs are passed over, and so is one that is cut or very long.
    private mutating func readSecrets(_ block: PcapngBlock, from input: inout InputBuffer) throws(CaptureFault) {
        guard block.length <= CaptureLimits.secretsBlock else { return try pass(block, of: &input) }
        try load(block, from: &input)
        let length = Int(input.unread.uint32(at: 12, order))
        if input.unread.uint32(at: 8, order) == PcapngFormat.tlsKeyLog, length <= block.length - 20 {
            secrets.append(CaptureSecrets(input.unread.extracting(16..<16 + length)))
        }
        input.consume(block.length)
    }

    /// `TLSK`
    static let tlsKeyLog: UInt32 = 0x544C_534B

    /// Reads a block's first length and consumes nothing.
    private mutating func nextBlock(from input: inout InputBuffer) throws(CaptureFault) -> PcapngBlock? {
        let offset = input.position
        guard try input.fill(8) else {
            guard input.count > 0 else { return nil }
            throw CaptureFault(.cutOff(.blockHeader, present: input.count, expected: 8), at: offset)
        }
        let kind = PcapngBlock.Kind(input.unread.uint32(at: 0, order))
        if kind == .section { try adoptByteOrder(of: &input) }
        let length = Int(input.unread.uint32(at: 4, order))
        guard length >= kind.shortest, length % 4 == 0 else { throw CaptureFault(.blockLength(length), at: offset) }
        return PcapngBlock(kind: kind, length: length, offset: offset)
    }

    /// A section header's length can be read only in the byte order that the magic number after it tells.
    private mutating func adoptByteOrder(of input: inout InputBuffer) throws(CaptureFault) {
        guard try input.fill(12) else {
            throw CaptureFault(.cutOff(.blockHeader, present: input.count, expected: 12), at: input.position)
        }
        guard let order = PcapngFormat.byteOrder(input.unread) else {
            throw CaptureFault(.byteOrderMagic, at: input.position)
        }
        self.order = order
    }

    private static func byteOrder(_ sectionHeader: RawSpan) -> ByteOrder? {
        switch sectionHeader.uint32(at: 8) {
        case 0x1A2B_3C4D: .big
        case 0x4D3C_2B1A: .little
        default: nil
        }
    }

    private mutating func beginSection(_ block: PcapngBlock, from input: inout InputBuffer) throws(CaptureFault) {
        let length = PcapngBlock.Kind.section.shortest
        guard try input.fill(length) else { throw cutOff(block, present: input.count) }
        let (major, minor) = (input.unread.uint16(at: 12, order), input.unread.uint16(at: 14, order))
        guard major == 1 else { throw CaptureFault(.unknownVersion(major: major, minor: minor), at: block.offset) }
        interfaces.removeAll()
        (processes, shard) = (nil, nil)
        interface.section += 1
        guard block.length <= CaptureLimits.annotatedBlock else { return try pass(block, of: &input) }
        try load(block, from: &input)
        noteComments(on: .section, in: block, at: 24, input)
        shard = PcapngShard(PcapngOptions(at: 24, order), in: input.unread.extracting(..<(block.length - 4)))
        input.consume(block.length)
    }

    /// A block of a shard; in another file, of whoever uses its type.
    private func readShard(_ block: PcapngBlock, from input: inout InputBuffer) throws(CaptureFault) {
        guard let shard, block.length <= CaptureLimits.annotatedBlock else { return try pass(block, of: &input) }
        try load(block, from: &input)
        shard.note(input.unread.extracting(8..<(block.length - 4)))
        input.consume(block.length)
    }

    /// Consumes a block of which nothing but its comments is of interest, unless it is very long.
    private mutating func readComments(
        on subject: CaptureComment.Subject, in block: PcapngBlock, at offset: Int, from input: inout InputBuffer
    ) throws(CaptureFault) {
        guard block.length <= CaptureLimits.annotatedBlock else { return try pass(block, of: &input) }
        try load(block, from: &input)
        noteComments(on: subject, in: block, at: offset, input)
        input.consume(block.length)
    }

    /// Keeps the comments among the options that begin at `offset` of a block that is in the buffer.
    private mutating func noteComments(
        on subject: CaptureComment.Subject, in block: PcapngBlock, at offset: Int, _ input: borrowing InputBuffer
    ) {
        let bytes = input.unread.extracting(..<(block.length - 4))
        var options = PcapngOptions(at: offset, order)
        while comments.count < CaptureLimits.comments, let option = options.next(in: bytes) {
            guard option.code == PcapngOptions.comment else { continue }
            let text = [UInt8](bytes.extracting(option.value))
            comments.append(CaptureComment(subject, text))
        }
        guard options.isBroken else { return }
        if brokenOptions.blocks == 0 { brokenOptions.first = block.offset }
        brokenOptions.blocks += 1
    }

    private mutating func addInterface(_ block: PcapngBlock, from input: inout InputBuffer) throws(CaptureFault) {
        try load(block, from: &input)
        let interface = PcapngInterface(body: input.unread.extracting(8..<block.length - 4), order)
        guard interfaces.append(interface) else { throw CaptureFault(.tooManyInterfaces, at: block.offset) }
        noteComments(on: .interface, in: block, at: 16, input)
        input.consume(block.length)
    }

    private func readNames(in block: PcapngBlock, from input: inout InputBuffer) throws(CaptureFault) {
        guard let names else { return try pass(block, of: &input) }
        try load(block, from: &input)
        names.note(input.unread.extracting(..<(block.length - 4)), order, at: block.offset)
        input.consume(block.length)
    }

    /// A block of a process, or of whoever else uses its type: so nothing that is wrong in it counts as damage.
    private mutating func addProcess(_ block: PcapngBlock, from input: inout InputBuffer) throws(CaptureFault) {
        guard block.length <= CaptureLimits.annotatedBlock else { return try pass(block, of: &input) }
        try load(block, from: &input)
        let processes = processes ?? PcapngProcesses()
        self.processes = processes
        if !processes.note(input.unread.extracting(..<(block.length - 4)), order) { processesLeftOut &+= 1 }
        input.consume(block.length)
    }

    private mutating func packet(
        _ block: PcapngBlock, from input: inout InputBuffer, as number: PacketNumber
    ) throws(CaptureFault) -> PacketHeader {
        try load(block, from: &input)
        let fields = PcapngPacketFields(input.unread, order, block.kind)
        let kind = try kind(ofInterface: fields.interface, block)
        let interface = interfaces.kinds[kind]
        self.interface.kind = kind
        let captured = fields.capturedLength
        let room = block.length - block.kind.shortest
        guard captured <= room else {
            throw CaptureFault(.packetLargerThanBlock(packet: captured, room: room), at: block.offset)
        }
        let time = interface.resolution.timestamp(ticks: fields.ticks)
        let options = 28 + (captured + 3) & ~3
        processes?.chooseNone()
        if options + 8 < block.length {
            noteComments(on: .packet(number, time), in: block, at: options, input)
            processes?.choose(
                by: PcapngOptions(at: options, order), in: input.unread.extracting(..<(block.length - 4)), order)
            shard?.number(
                by: PcapngOptions(at: options, order), in: input.unread.extracting(..<(block.length - 4)), order)
        }
        input.consume(block.length, packetAt: 28, packetLength: captured)
        return PacketHeader(
            number: number, timestamp: time, linkType: interface.linkType,
            originalLength: fields.originalLength)
    }

    /// A simple packet belongs to the section's first interface, has no time (it gets zero), and no captured length.
    private mutating func simplePacket(
        _ block: PcapngBlock, from input: inout InputBuffer, as number: PacketNumber
    ) throws(CaptureFault) -> PacketHeader {
        try load(block, from: &input)
        let kind = try kind(ofInterface: 0, block)
        let interface = interfaces.kinds[kind]
        self.interface.kind = kind
        let original = Int(input.unread.uint32(at: 8, order))
        let snapLength = interface.snapLength == 0 ? original : interface.snapLength
        let captured = min(original, snapLength, block.length - block.kind.shortest)
        processes?.chooseNone()
        input.consume(block.length, packetAt: 12, packetLength: captured)
        return PacketHeader(
            number: number, timestamp: Timestamp(nanoseconds: 0), linkType: interface.linkType,
            originalLength: original)
    }

    private func kind(ofInterface index: Int, _ block: PcapngBlock) throws(CaptureFault) -> Int {
        guard let kind = interfaces.kind(of: index) else {
            throw CaptureFault(.undeclaredInterface(index), at: block.offset)
        }
        return kind
    }

    /// What the file says of the interface of the packet that was read last.
    var details: PcapngInterface? {
        interfaces.kinds.indices.contains(interface.kind) ? interfaces.kinds[interface.kind] : nil
    }

    /// Reads all of a block into the buffer and consumes nothing.
    private func load(_ block: PcapngBlock, from input: inout InputBuffer) throws(CaptureFault) {
        guard block.length <= CaptureLimits.recordLength else {
            throw CaptureFault(.recordLength(block.length), at: block.offset)
        }
        guard try input.fill(block.length) else { throw cutOff(block, present: input.count) }
        try checkEnd(of: block, Int(input.unread.uint32(at: block.length - 4, order)))
    }

    /// Consumes a block without keeping it, so that it may have any length.
    private func pass(_ block: PcapngBlock, of input: inout InputBuffer) throws(CaptureFault) {
        guard try input.skip(block.length - 4), try input.fill(4) else {
            let present = input.position &+ UInt64(input.count) &- block.offset
            throw cutOff(block, present: Int(clamping: present))
        }
        try checkEnd(of: block, Int(input.unread.uint32(at: 0, order)))
        input.consume(4)
    }

    private func checkEnd(of block: PcapngBlock, _ length: Int) throws(CaptureFault) {
        guard length == block.length else {
            throw CaptureFault(.blockLengthsDiffer(first: block.length, last: length), at: block.offset)
        }
    }

    private func cutOff(_ block: PcapngBlock, present: Int) -> CaptureFault {
        CaptureFault(.cutOff(.block, present: present, expected: block.length), at: block.offset)
    }
}

/// The numbers at the start of an enhanced packet block, or of the obsolete one, which differs in the first.
struct PcapngPacketFields {
    let interface: Int
    let ticks: UInt64
    let capturedLength: Int
    let originalLength: Int

    /// `block` is a whole block.
    init(_ block: RawSpan, _ order: ByteOrder, _ kind: PcapngBlock.Kind) {
        interface = kind == .enhancedPacket ? Int(block.uint32(at: 8, order)) : Int(block.uint16(at: 8, order))
        ticks = UInt64(block.uint32(at: 12, order)) << 32 | UInt64(block.uint32(at: 16, order))
        capturedLength = Int(block.uint32(at: 20, order))
        originalLength = Int(block.uint32(at: 24, order))
    }
}
