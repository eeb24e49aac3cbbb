import CLzma

/// The CRC-64 of a file's own bytes, as xz and 7-Zip have it (ECMA-182, reflected), with their count. A tenth of what SHA-256
/// costs, which would take longer than all else that is done with a packet which only goes from one file to another.
package final class FileChecksum: @unchecked Sendable {
    // Whoever reads the file changes it; nobody else looks before that has ended.
    private var crc: UInt64 = 0
    package private(set) var length: UInt64 = 0
    /// Whether the file was read to its end.
    package private(set) var isComplete = false

    package init() {}

    /// - Parameter bytes: what comes next; nothing is the end of the file.
    func note(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else {
            isComplete = true
            return
        }
        crc = lzma_crc64(bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count, crc)
        length += UInt64(bytes.count)
    }

    /// `nil` where the file was not read to its end.
    package var value: UInt64? { isComplete ? crc : nil }
}
