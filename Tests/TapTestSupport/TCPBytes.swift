import TapCore

/// Writes TCP headers. Checksums stay zero, as a network card finds them that computes them.
package struct TCPBytes: Sendable {
    package var sourcePort: UInt16 = 49_152
    package var destinationPort: UInt16 = 80
    package var sequenceNumber: UInt32 = 1_000
    package var acknowledgmentNumber: UInt32 = 2_000
    package var flags: TCPFlags = [.ack]
    package var window: UInt16 = .max
    /// Filled up with zeros to a multiple of four.
    package var options: [UInt8] = []
    package var payload: [UInt8]
    /// The data offset in words of four bytes, where it is to be wrong.
    package var statedHeaderWords: Int?

    package init(_ payload: [UInt8] = []) { self.payload = payload }

    package var headerLength: Int { 20 + (options.count + 3) / 4 * 4 }

    package var bytes: [UInt8] {
        var bytes = bigEndian(sourcePort) + bigEndian(destinationPort)
        bytes += bigEndian(sequenceNumber) + bigEndian(acknowledgmentNumber)
        bytes += [UInt8((statedHeaderWords ?? headerLength / 4) << 4 & 0xF0), flags.rawValue]
        bytes += bigEndian(window) + [0, 0, 0, 0] + options
        bytes += [UInt8](repeating: 0, count: headerLength - 20 - options.count)
        return bytes + payload
    }
}
