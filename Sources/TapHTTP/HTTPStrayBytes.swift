import TapCore

/// Bytes where a response must begin that are none: looks for its status line behind them.
package struct HTTPStrayBytes {
    package private(set) var bytes: [UInt8]
    /// The packet that brought the first of them.
    package let packet: PacketHeader
    /// How many bytes that came last may begin the status line.
    private var matched = 0

    private static let start = Array("HTTP/1.".utf8)
    /// More than so many are no mishap before a response.
    private static let most = 4_096

    init(_ bytes: RawSpan, in packet: PacketHeader) {
        self.bytes = [UInt8](bytes)
        self.packet = packet
    }

    /// Whether there are too many to go on.
    var areTooMany: Bool { bytes.count > HTTPStrayBytes.most }

    /// Consumes bytes from `offset` on; answers with the start of a status line once that is there.
    mutating func read(_ span: RawSpan, from offset: inout Int) -> [UInt8]? {
        while offset < span.byteCount, !areTooMany {
            let byte = span.uint8(at: offset)
            offset += 1
            if byte == HTTPStrayBytes.start[matched] {
                matched += 1
                if matched == HTTPStrayBytes.start.count { return HTTPStrayBytes.start }
                continue
            }
            bytes += HTTPStrayBytes.start[..<matched]
            matched = byte == HTTPStrayBytes.start[0] ? 1 : 0
            if matched == 0 { bytes.append(byte) }
        }
        return nil
    }
}
