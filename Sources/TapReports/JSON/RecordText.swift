import TapCore
import TapWebSocket

/// Values as records write them, for exports that are no text.
package enum RecordText {
    /// `2026-11-20T10:00:00.000123000Z`
    package static func time(_ time: Timestamp) -> String { TimeText.rfc3339(time) }

    /// The eight hexadecimal digits of a masking key.
    package static func maskingKey(_ key: UInt32) -> String {
        ByteCursor.text(8) { $0.append(hex: key) }
    }

    /// The evidence of a finding as a JSON object.
    package static func json(_ evidence: [Evidence]) -> String {
        var output: [UInt8] = []
        JSONWriter.append(to: &output) { writer in writer.writeMembers(evidence) }
        return String(decoding: output, as: UTF8.self)
    }
}
