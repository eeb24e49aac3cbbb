/// Writes the headers of HAProxy's PROXY protocol.
package enum ProxyBytes {
    package static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Version 1.
    package static func line(_ text: String) -> [UInt8] { Array("PROXY \(text)\r\n".utf8) }

    /// Version 2; `command` holds version and command, `family` the address family and the transport.
    package static func block(command: UInt8 = 0x21, family: UInt8, _ body: [UInt8]) -> [UInt8] {
        signature + [command, family] + bigEndian(UInt16(body.count)) + body
    }

    /// One of the fields that may follow the addresses.
    package static func field(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
        [type] + bigEndian(UInt16(value.count)) + value
    }

    /// Addresses and ports of 203.0.113.7:56324 → 192.0.2.1:443.
    package static let internet: [UInt8] = [203, 0, 113, 7, 192, 0, 2, 1] + bigEndian(UInt16(56_324)) + [1, 187]

    /// The path of a socket, filled up with zeros.
    package static func path(_ path: String) -> [UInt8] {
        Array((Array(path.utf8) + [UInt8](repeating: 0, count: 108)).prefix(108))
    }
}
