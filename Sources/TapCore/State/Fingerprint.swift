/// A number that tells bytes from others, where nobody means ill (FNV-1a).
package struct Fingerprint: Equatable, Sendable, Codable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

    package static func of(_ bytes: [UInt8]) -> UInt64 {
        var print = Fingerprint()
        for byte in bytes { print.add(byte) }
        return print.value
    }
}
