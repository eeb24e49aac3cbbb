import TapAnalysis
import TapBytes
import TapWebSocket

extension JSONWriter {
    /// More than the part of a record takes that comes before the payload.
    private static let longestHead = 640

    /// Writes the one record that there are millions of.
    mutating func write(_ frame: Frame, _ payload: ShownPayload?) {
        write(atMost: JSONWriter.longestHead) { JSONWriter.append(headOf: frame, to: &$0) }
        if let payload { write(payload) }
        if let close = frame.close {
            beginObject("close")
            write(close)
            endObject()
        }
        member("findings", frame.findings.lazy.map(\.rawValue))
        endObject()
    }

    private static func append(headOf frame: Frame, to output: inout ByteCursor) {
        output.append(#"{"type":"frame","connection":"#)
        output.append(decimal: UInt64(clamping: frame.connection))
        output.append(#","number":"#)
        output.append(decimal: UInt64(clamping: frame.number))
        if let message = frame.message {
            output.append(#","message":"#)
            output.append(decimal: UInt64(clamping: message))
        }
        output.append(#","time":""#)
        TimeText.appendRFC3339(frame.time, to: &output)
        output.append(#"","packet":"#)
        output.append(decimal: frame.packet.rawValue)
        if frame.firstPacket != frame.packet {
            output.append(#","first_packet":"#)
            output.append(decimal: frame.firstPacket.rawValue)
        }
        output.append(frame.sender == .client ? #","sender":"client""# : #","sender":"server""#)
        append(frame.header, to: &output)
        guard !frame.isWhole else { return }
        output.append(#","incomplete":true,"captured_length":"#)
        output.append(decimal: frame.capturedLength)
    }

    private static func append(_ header: FrameHeader, to output: inout ByteCursor) {
        let bits = header.reservedBits
        output.append(header.isFinal ? #","fin":true"# : #","fin":false"#)
        output.append(bits & 4 != 0 ? #","rsv1":true"# : #","rsv1":false"#)
        output.append(bits & 2 != 0 ? #","rsv2":true"# : #","rsv2":false"#)
        output.append(bits & 1 != 0 ? #","rsv3":true"# : #","rsv3":false"#)
        output.append(#","opcode":"#)
        output.append(decimal: UInt64(header.opcode.rawValue))
        output.append(#","kind":""#)
        for byte in header.opcode.description.utf8 { output.append(byte) }
        if header.isMasked {
            output.append(#"","masked":true,"masking_key":""#)
            output.append(hex: header.maskingKey)
            output.append(#"","header_length":"#)
        } else {
            output.append(#"","masked":false,"header_length":"#)
        }
        output.append(decimal: UInt64(clamping: header.length))
        output.append(#","length":"#)
        output.append(decimal: header.payloadLength)
    }

    mutating func write(_ payload: ShownPayload) {
        let span = payload.bytes.span
        if payload.isText {
            member("payload", text: span.bytes)
            raw(#","payload_encoding":"utf8""#)
        } else {
            member("payload", base64: span.bytes)
            raw(#","payload_encoding":"base64""#)
        }
        if payload.isTruncated { member("payload_truncated", true) }
    }

    /// What a close frame says, as members; nothing where it gives no code.
    mutating func write(_ close: CloseBody) {
        guard let code = close.code else { return }
        member("code", code.rawValue)
        member("name", code.name)
        member("reason", close.reason)
    }
}
