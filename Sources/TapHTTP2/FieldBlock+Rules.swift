import TapCore
import TapHTTP

/// The rules of the heads of tunnels. Where a line is not known, nothing is said that it could change.
extension FieldBlock {
    package typealias Break = (rule: HTTP2Rule, evidence: String)

    /// RFC 8441 §4, RFC 9113 §8.2 and §8.3.
    package var violationsOfRequest: [Break] {
        var breaks = violationsOfLines(known: [":method", ":scheme", ":authority", ":path", ":protocol"])
        if has(":protocol") {
            if let method = first(":method"), method != "CONNECT" { breaks.append((.protocolWithoutConnect, method)) }
            if isWhole {
                for name: StaticString in [":method", ":scheme", ":path"] where !has(name) {
                    breaks.append((.pseudoFieldMissing, "\(name)"))
                }
                // A proxy that translates a request of HTTP/1.1 leaves Host as it is. RFC 9113 §8.3.1.
                if !has(":authority"), !has("host") { breaks.append((.pseudoFieldMissing, ":authority")) }
            }
        }
        return breaks
    }

    /// RFC 9113 §8.3.2 and §8.6.
    package var violationsOfResponse: [Break] {
        var breaks = violationsOfLines(known: [":status"])
        if let text = first(":status") {
            switch HTTP2Head.status(Array(text.utf8)[...]) {
            case nil: breaks.append((.statusInvalid, text))
            case 101: breaks.append((.statusSwitchingProtocols, text))
            case _: break
            }
        } else if isWhole {
            breaks.append((.statusInvalid, ""))
        }
        return breaks
    }

    private func violationsOfLines(known: [StaticString]) -> [Break] {
        var breaks: [Break] = []
        var seen: Set<String> = []
        var hasField = false
        for line in lines {
            let name = bytes.span.bytes.extracting(line.name)
            if line.isPseudo {
                let text = text(line.name)
                if !known.contains(where: { HTTPText.isEqual(name, $0) }) {
                    breaks.append((.pseudoFieldUnknown, text))
                } else if !seen.insert(text).inserted {
                    breaks.append((.pseudoFieldRepeated, text))
                }
                if hasField { breaks.append((.pseudoFieldMisplaced, text)) }
            } else {
                hasField = true
                if isConnectionField(line) { breaks.append((.connectionField, text(line.name))) }
                if !FieldBlock.isName(name) { breaks.append((.fieldNameInvalid, text(line.name))) }
            }
            if !FieldBlock.isValue(bytes.span.bytes.extracting(line.value)) {
                breaks.append((.fieldValueInvalid, text(line.name)))
            }
        }
        return breaks
    }

    /// RFC 9113 §8.2.2.
    private func isConnectionField(_ line: Line) -> Bool {
        let name = bytes.span.bytes.extracting(line.name)
        let names: [StaticString] = [
            "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade",
        ]
        if names.contains(where: { HTTPText.equalsIgnoringCase(name, $0) }) { return true }
        guard HTTPText.equalsIgnoringCase(name, "te") else { return false }
        return !HTTPText.equalsIgnoringCase(bytes.span.bytes.extracting(line.value), "trailers")
    }

    /// RFC 9113 §8.2.1: no bytes up to the space, no upper case, no DEL and above, and no further colon.
    private static func isName(_ name: RawSpan) -> Bool {
        for offset in 0..<name.byteCount {
            switch name.uint8(at: offset) {
            case 0x00...0x20, 0x41...0x5A, 0x7F...0xFF, UInt8(ascii: ":"): return false
            case _: continue
            }
        }
        return name.byteCount > 0
    }

    /// RFC 9113 §8.2.1: no NUL, CR or LF, and no white space at either end.
    private static func isValue(_ value: RawSpan) -> Bool {
        for offset in 0..<value.byteCount {
            switch value.uint8(at: offset) {
            case 0x00, 0x0A, 0x0D: return false
            case 0x09, 0x20: if offset == 0 || offset == value.byteCount - 1 { return false }
            case _: continue
            }
        }
        return true
    }
}
