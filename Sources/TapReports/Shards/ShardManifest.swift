import TapCore

/// What a folder of shards holds, and what it was made of.
package struct ShardManifest: Equatable, Sendable {
    /// What was counted of some packets.
    package struct Totals: Equatable, Sendable {
        package var packets: UInt64
        /// Captured bytes of packets.
        package var bytes: UInt64
        /// The earliest time of a packet, and the latest; absent of no packets.
        package var times: ClosedRange<Timestamp>?

        package init(packets: UInt64, bytes: UInt64, times: ClosedRange<Timestamp>?) {
            self.packets = packets
            self.bytes = bytes
            self.times = times
        }

        package init(_ totals: PacketTotals) {
            self.init(
                packets: totals.count, bytes: totals.bytes,
                times: totals.count > 0 ? totals.earliest...totals.latest : nil)
        }
    }

    package struct Shard: Equatable, Sendable {
        package let file: String
        /// The file's length in bytes.
        package let size: UInt64
        package let totals: Totals

        package init(file: String, size: UInt64, totals: Totals) {
            self.file = file
            self.size = size
            self.totals = totals
        }
    }

    package struct Input: Equatable, Sendable {
        package let path: String
        /// Of the file itself, where it was read to its end: its length and its CRC-64.
        package let content: (length: UInt64, checksum: UInt64)?
        package let totals: Totals
        /// The numbers of its first packet and of its last.
        package let numbers: ClosedRange<UInt64>?
        /// Why it could not be read, or not to its end.
        package let error: String?

        package init(
            path: String, content: (length: UInt64, checksum: UInt64)?, totals: Totals, numbers: ClosedRange<UInt64>?,
            error: String?
        ) {
            self.path = path
            self.content = content
            self.totals = totals
            self.numbers = numbers
            self.error = error
        }

        package static func == (left: Input, right: Input) -> Bool {
            left.path == right.path && left.content?.length == right.content?.length
                && left.content?.checksum == right.content?.checksum && left.totals == right.totals
                && left.numbers == right.numbers && left.error == right.error
        }
    }

    /// Its name in the folder.
    package static let fileName = "manifest.json"

    /// The program's version.
    package let version: String
    /// The same in the manifest and in all shards that belong to it.
    package let run: String
    package let labels: [CaptureLabel]
    package let totals: Totals
    /// IP packets of which fragments are missing, or came too late, so that their connection was not certain.
    package let uncertainPackets: UInt64
    package let shards: [Shard]
    package let inputs: [Input]

    package init(
        version: String, run: String, labels: [CaptureLabel], totals: Totals, uncertainPackets: UInt64,
        shards: [Shard], inputs: [Input]
    ) {
        self.version = version
        self.run = run
        self.labels = labels
        self.totals = totals
        self.uncertainPackets = uncertainPackets
        self.shards = shards
        self.inputs = inputs
    }
}
