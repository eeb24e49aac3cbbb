/// Writes the headers of wireless frames. IEEE 802.11 §9.2 and §9.3.2.
package enum WirelessBytes {
    /// - Parameters:
    ///   - kind: version, type and subtype: `0x08` is data, `0x88` data with quality of service.
    ///   - flags: `0x01` is to and `0x02` from the distribution system, `0x40` says that the frame is protected.
    ///   - after: what follows the first 24 bytes: a fourth address, quality of service, high throughput control.
    package static func header(
        kind: UInt8 = 0x08, flags: UInt8 = 0x01, sequenceControl: [UInt8] = [0x30, 0x12], after: [UInt8] = []
    ) -> [UInt8] {
        [kind, flags, 0, 0] + [UInt8](repeating: 2, count: 18) + sequenceControl + after
    }

    /// A radiotap header with two words of what is present, a time, flags and a rate.
    package static func radiotap(flags: UInt8) -> [UInt8] {
        let present: [UInt8] = [0x07, 0, 0, 0x80, 0, 0, 0, 0]
        return [0, 0, 26, 0] + present + [0, 0, 0, 0] + [1, 2, 3, 4, 5, 6, 7, 8] + [flags, 12]
    }
}
