/// What keeps a capture file from being read any further, without the file's name.
package struct CaptureFault: Error, Equatable {
    package enum Kind: Equatable {
        case system(SystemError)
        case empty
        case unknownFormat
        case compressed(by: String)
        case compressionDamaged(CompressionFormat, String)
        case compressionCutOff(CompressionFormat)
        case unknownVersion(major: UInt16, minor: UInt16)
        case unknownDataLink(UInt32)
        case cutOff(Part, present: Int, expected: Int)
        case byteOrderMagic
        case recordLength(Int)
        case blockLength(Int)
        case blockLengthsDiffer(first: Int, last: Int)
        case packetLargerThanBlock(packet: Int, room: Int)
        case undeclaredInterface(Int)
        case tooManyInterfaces
    }

    package enum Part: String {
        case fileHeader = "the file header"
        case packetHeader = "a packet header"
        case packet = "a packet"
        case blockHeader = "a block header"
        case block = "a block"
    }

    package let kind: Kind
    /// Where the damaged record begins, in bytes from the start of the file or of what it decompresses to.
    package let offset: UInt64?

    package init(_ kind: Kind, at offset: UInt64? = nil) {
        self.kind = kind
        self.offset = offset
    }
}

extension CaptureFault.Kind {
    package var headline: String {
        switch self {
        case .system(let error): error.description
        case .empty: "empty: not a capture file"
        case .unknownFormat: "not a capture file (neither pcap nor pcapng nor snoop)"
        case .compressed(let program): "compressed by \(program): decompress it first"
        case .compressionDamaged(let format, _): "damaged \(format.name) data"
        case .compressionCutOff(let format): "cut off in the middle of \(format.name) data"
        case .unknownVersion(let major, let minor): "unknown format version \(major).\(minor)"
        case .unknownDataLink(let number): "a snoop file of data link \(number), which is not read"
        case .cutOff(let part, _, _): "cut off in the middle of \(part.rawValue)"
        case .byteOrderMagic, .recordLength, .blockLength, .blockLengthsDiffer, .packetLargerThanBlock,
            .undeclaredInterface:
            "damaged"
        case .tooManyInterfaces: "a limit is reached"
        }
    }

    /// Whether this is about the file's own bytes, even where the capture in it is compressed.
    package var isOfCompression: Bool {
        switch self {
        case .compressionDamaged, .compressionCutOff: true
        case .system, .empty, .unknownFormat, .compressed, .unknownVersion, .unknownDataLink, .cutOff, .byteOrderMagic,
            .recordLength, .blockLength, .blockLengthsDiffer, .packetLargerThanBlock, .undeclaredInterface,
            .tooManyInterfaces:
            false
        }
    }

    var isOfOtherContent: Bool {
        switch self {
        case .empty, .unknownFormat, .compressed: true
        case .system, .compressionDamaged, .compressionCutOff, .unknownVersion, .unknownDataLink, .cutOff,
            .byteOrderMagic, .recordLength, .blockLength, .blockLengthsDiffer, .packetLargerThanBlock,
            .undeclaredInterface, .tooManyInterfaces:
            false
        }
    }

    /// What follows the offset.
    package var detail: String {
        switch self {
        case .system, .empty, .unknownFormat, .compressed, .compressionCutOff, .unknownVersion, .unknownDataLink: ""
        case .compressionDamaged(_, let reason): ": \(reason)"
        case .cutOff(_, let present, let expected): " (\(present) of \(expected) bytes are there)"
        case .byteOrderMagic: ": a section header without the byte-order magic"
        case .recordLength(let length): ": a record of \(length) bytes (the limit is \(CaptureLimits.recordLength))"
        case .blockLength(let length): ": a block with the impossible length \(length)"
        case .blockLengthsDiffer(let first, let last):
            ": a block with length \(first) at its start and \(last) at its end"
        case .packetLargerThanBlock(let packet, let room):
            ": a packet of \(packet) bytes in a block with room for \(room)"
        case .undeclaredInterface(let index): ": a packet of interface \(index), which is not declared before it"
        case .tooManyInterfaces:
            ": more than \(CaptureLimits.interfaces) interfaces in a section, or more than "
                + "\(CaptureLimits.interfaceKinds) kinds of them"
        }
    }
}
