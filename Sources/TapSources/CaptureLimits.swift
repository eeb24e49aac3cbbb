/// What bounds the memory that a capture can make its reader use.
package enum CaptureLimits {
    /// The longest packet or block of interest, in bytes.
    package static let recordLength = 16 << 20
    /// The most interfaces in one section of a pcapng file: what they take then is 16 MiB.
    package static let interfaces = 1 << 22
    /// The most of them that differ in what counts here.
    package static let interfaceKinds = 65_536
    /// How many may differ in nothing but their names.
    package static let namedInterfaceKinds = 1_024
    /// The longest section header or statistics block whose options are read, in bytes.
    package static let annotatedBlock = 1 << 20
    /// The longest Decryption Secrets Block that is read, in bytes.
    package static let secretsBlock = recordLength
    /// The most comments that are kept for one packet, and for what lies before it.
    package static let comments = 64
    /// The most processes in one section of a pcapng file that Apple's tcpdump wrote; packets of others name none.
    package static let processes = 65_536
    /// The most marks between two packets of a shard: a scan each two seconds of three weeks without a packet.
    package static let marks = 1 << 20
    /// The most files that a shard's packets are of.
    package static let filesOfShard = 65_536
    /// The most bytes that are kept of the name of one. Linux knows no longer paths.
    package static let fileName = 4_096
    /// How many files are open at once from their first packet on; of more, each is closed until its turn comes.
    package static let openFiles = 64
    /// The most link types that a filter is compiled for.
    package static let filteredLinkTypes = 16
    /// What the read buffers of all files of a merge may use together as long as no record is larger than its buffer.
    package static let mergeBuffers = 16 << 20
    /// The read buffer of one file, in bytes.
    package static let smallestBuffer = 16 << 10
    package static let defaultBuffer = 256 << 10
    /// What is read of a file at a time that is read ahead, in bytes.
    package static let batch = 256 << 10
    /// The window that decompressing zstd may take, as a power of two: 128 MiB, what `zstd -d` allows by itself.
    package static let zstdWindowBits: Int32 = 27
    /// What decompressing xz may take, in bytes: a window as large as that of zstd, and what is around it. `xz -9` needs half.
    package static let xzMemory: UInt64 = 136 << 20
}
