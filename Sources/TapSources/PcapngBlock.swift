/// What the first bytes of a pcapng block say of it.
struct PcapngBlock {
    /// The type of a section header block, which reads the same in either byte order.
    static let sectionType: UInt32 = 0x0A0D_0D0A

    enum Kind {
        case section
        case interface
        case simplePacket
        case enhancedPacket
        /// The packet block that the enhanced one has replaced.
        case obsoletePacket
        /// Names of addresses.
        case names
        case statistics
        case secrets
        /// A process, in files of Apple's tcpdump.
        case process
        /// What only shards have.
        case shard
        case other

        init(_ type: UInt32) {
            self =
                switch type {
                case PcapngBlock.sectionType: .section
                case 1: .interface
                case 2: .obsoletePacket
                case 3: .simplePacket
                case 4: .names
                case 5: .statistics
                case 6: .enhancedPacket
                case 10: .secrets
                case PcapngProcesses.blockType: .process
                case PcapngShard.blockType: .shard
                default: .other
                }
        }

        /// The length in bytes of such a block without data and options.
        var shortest: Int {
            switch self {
            case .section: 28
            case .interface: 20
            case .statistics: 24
            case .simplePacket: 16
            case .secrets: 20
            case .enhancedPacket, .obsoletePacket: 32
            case .names, .process, .shard, .other: 12
            }
        }
    }

    let kind: Kind
    /// The length in bytes with the block's type and both its lengths.
    let length: Int
    /// Where the block begins, in bytes from the start of the file.
    let offset: UInt64
}
