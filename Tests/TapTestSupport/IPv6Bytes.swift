import TapCore

/// Writes IPv6 packets with extension headers.
package struct IPv6Bytes: Sendable {
    /// An extension header: its protocol number, and its bytes from the second on (the first names the next header).
    package struct Extension: Sendable {
        package let number: UInt8
        package let rest: [UInt8]

        package init(_ number: UInt8, rest: [UInt8]) {
            self.number = number
            self.rest = rest
        }

        /// Options of `8 × (1 + units)` bytes.
        package static func options(_ number: UInt8, units: UInt8 = 0) -> Extension {
            Extension(number, rest: [units] + [UInt8](repeating: 0, count: 6 + Int(units) * 8))
        }

        /// An authentication header of `4 × (2 + words)` bytes. RFC 4302 §2.2.
        package static func authentication(words: UInt8) -> Extension {
            Extension(51, rest: [words] + [UInt8](repeating: 0, count: 6 + Int(words) * 4))
        }

        /// RFC 8200 §4.5: offset in units of eight bytes, and whether more fragments follow.
        package static func fragment(offset: UInt16, more: Bool, identification: UInt32 = 0x01020304) -> Extension {
            Extension(44, rest: [0] + bigEndian(offset << 3 | (more ? 1 : 0)) + bigEndian(identification))
        }
    }

    package var source = IPAddress("2001:db8::1")
    package var destination = IPAddress("2001:db8::2")
    package var protocolNumber: UInt8 = 6
    package var extensions: [Extension] = []
    package var payload: [UInt8]
    /// The payload length, where it is to be another than the right one.
    package var statedLength: Int?

    package init(_ payload: [UInt8]) { self.payload = payload }

    package var bytes: [UInt8] {
        let numbers = extensions.map(\.number) + [protocolNumber]
        let chain = zip(extensions, numbers.dropFirst()).flatMap { [$1] + $0.rest }
        let length = statedLength ?? chain.count + payload.count
        let header = [0x60, 0, 0, 0] + bigEndian(UInt16(truncatingIfNeeded: length)) + [numbers[0], 64]
        return header + source.bytes + destination.bytes + chain + payload
    }
}
