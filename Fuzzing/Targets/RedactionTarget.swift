import TapCore
import TapRedaction

/// Redaction of any bytes: their number stays, and whatever changes becomes a star; a secret that follows them is found, and one in JSON
/// that they are the text of.
///
/// The input is the bytes.
enum RedactionTarget {
    private static let secret = "s3cr3t9Zx"

    static func run(_ bytes: [UInt8]) {
        let redacted = RedactionTarget.redacted(bytes)
        Property.hold(redacted.count == bytes.count, "the length stays")
        let star = UInt8(ascii: "*")
        Property.hold(zip(redacted, bytes).allSatisfy { $0 == $1 || $0 == star }, "what changes becomes a star")
        let following = bytes + Array("\n{\"password\":\"\(secret)\"}\n".utf8)
        Property.hold(!holdsSecret(RedactionTarget.redacted(following)), "a secret behind the bytes is found")
        let string = bytes.flatMap { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") ? [0x5C, $0] : [$0] }
        let text = Array("{\"a\":\"".utf8) + string + Array("\",\"p\\u0061ssword\":\"\(secret)\"}".utf8)
        Property.hold(!holdsSecret(RedactionTarget.redacted(text)), "a secret beside the bytes in JSON is found")
    }

    private static func redacted(_ bytes: [UInt8]) -> [UInt8] {
        var redaction = Redaction(.secrets)
        return redaction.redacted(CaptureComment(.section, bytes)).text
    }

    private static func holdsSecret(_ bytes: [UInt8]) -> Bool { bytes.firstRange(of: Array(secret.utf8)) != nil }
}
