/// Writes UDP datagrams. RFC 768.
package struct UDPBytes: Sendable {
    package var sourcePort: UInt16 = 50_000
    package var destinationPort: UInt16
    package var payload: [UInt8]
    /// The length, where it is to be another than the right one.
    package var statedLength: Int?

    package init(to destinationPort: UInt16, _ payload: [UInt8]) {
        self.destinationPort = destinationPort
        self.payload = payload
    }

    package var bytes: [UInt8] {
        let length = UInt16(truncatingIfNeeded: statedLength ?? payload.count + 8)
        return bigEndian(sourcePort) + bigEndian(destinationPort) + bigEndian(length) + [0, 0] + payload
    }
}
