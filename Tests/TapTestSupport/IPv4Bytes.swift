import TapCore

/// Writes IPv4 packets.
package struct IPv4Bytes: Sendable {
    package var source = IPAddress("192.0.2.1")
    package var destination = IPAddress("198.51.100.2")
    package var protocolNumber: UInt8 = 6
    /// Filled up with zeros to a multiple of four.
    package var options: [UInt8] = []
    /// Flags and fragment offset as they are sent: `0x2000` says that more fragments follow.
    package var fragmentField: UInt16 = 0x4000
    package var identification: UInt16 = 0x1234
    package var payload: [UInt8]
    /// The total length, where it is to be another than the right one.
    package var statedLength: Int?
    /// The header length in words of four bytes, where it is to be wrong.
    package var statedHeaderWords: UInt8?

    package init(_ payload: [UInt8]) { self.payload = payload }

    package var headerLength: Int { 20 + (options.count + 3) / 4 * 4 }

    package var bytes: [UInt8] {
        let length = statedLength ?? headerLength + payload.count
        var bytes = [0x40 | (statedHeaderWords ?? UInt8(headerLength / 4)), 0]
        bytes += bigEndian(UInt16(truncatingIfNeeded: length)) + bigEndian(identification) + bigEndian(fragmentField)
        bytes += [64, protocolNumber, 0, 0] + source.bytes + destination.bytes + options
        bytes += [UInt8](repeating: 0, count: headerLength - 20 - options.count)
        return bytes + payload
    }
}
