import TapAnalysis
import TapCore

/// The body of a refusal, as it is shown.
package struct ShownBody {
    package let bytes: ArraySlice<UInt8>
    /// Whether it is valid UTF-8.
    let isText: Bool
    package let isTruncated: Bool
    /// Whether it says of itself that it is HTML, or looks like it.
    private let isMarkup: Bool

    /// Characters of a row.
    private static let rowLimit = 200

    /// Answers `nil` if absent.
    package init?(of handshake: Handshake) { self.init(of: handshake, .full) }

    /// Answers `nil` if absent, or where no payloads are wanted.
    init?(of handshake: Handshake, limit: Int = ResponseBody.limit, _ detail: PayloadDetail) {
        guard let body = handshake.responseBody, detail != .none else { return nil }
        let chosen = body.bytes.prefix(limit)
        let isCut = body.isTruncated || chosen.count < body.bytes.count
        let length = UTF8Text.validLength(of: chosen, isCut: isCut)
        isText = length != nil
        bytes = chosen.prefix(length ?? chosen.count)
        isTruncated = body.isTruncated || bytes.count < body.bytes.count
        let type = handshake.response?.fields["Content-Type"].first ?? ""
        isMarkup = type.contains("html") || bytes.first { $0 > 0x20 } == UInt8(ascii: "<")
    }

    /// In one line: its text without markup and line ends.
    var row: String {
        guard isText, !UTF8Text.hasControls(bytes) else { return Decimal.counted(UInt64(bytes.count), "byte") }
        let text = String(decoding: bytes, as: UTF8.self)
        let words = (isMarkup ? ShownBody.withoutMarkup(text) : text).split(whereSeparator: \.isWhitespace)
        let line = words.joined(separator: " ")
        let isLong = line.count > ShownBody.rowLimit
        return "“\(line.prefix(ShownBody.rowLimit))”" + (isLong || isTruncated ? "…" : "")
    }

    /// What stands between the tags.
    private static func withoutMarkup(_ text: String) -> String {
        var shown = ""
        var isTag = false
        for character in text {
            switch character {
            case "<":
                isTag = true
                shown.append(" ")
            case ">" where isTag: isTag = false
            case _ where !isTag: shown.append(character)
            default: break
            }
        }
        return shown
    }
}
