/// A word that somebody gave a capture, and what it says: `site=ams1`.
public struct CaptureLabel: Equatable, Sendable, Codable {
    public let key: String
    public let value: String

    /// The longest text of one, in bytes.
    package static let longest = 256

    /// - Parameter text: `KEY=VALUE`. The key has letters, digits, `_`, `-` and `.`, the value no control characters.
    /// - Returns: `nil` where it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, text.utf8.count <= CaptureLabel.longest,
            parts[0].utf8.allSatisfy(CaptureLabel.isOfKey),
            parts[1].unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { return nil }
        (key, value) = (String(parts[0]), String(parts[1]))
    }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        case _: false
        }
    }
}
