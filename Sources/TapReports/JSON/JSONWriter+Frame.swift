import TapAnalysis
import TapCore
import TapWebSocket

extension JSONWriter {
    /// More than a record takes without its payload, its close code and its findings.
    private static let longestFrame = 768
    /// Payloads up to this length, in bytes, go the fast path.
    private static let shortPayload = 4_096

    /// Writes the one record that there are millions of.
    ///
    /// Nearly all have a short payload and nothing else to tell: those are written at once, since making sure that there
    /// is room takes as long as writing a dozen members.
    package mutating func write(
        _ frame: borrowing Frame, _ payload: ShownPayload?, _ text: ShownPayload?,
        of observations: borrowing Observations
    ) {
        let length = payload?.range.count ?? 0
        guard length <= JSONWriter.shortPayload, frame.isUnremarkable, !frame.isInflated else {
            return writeInParts(frame, payload, text, of: observations)
        }
        guard let notes = frame.application else {
            return write(frame, payload, of: observations, saying: nil, room: 0)
        }
        guard payload != nil, let room = notes.roomOfOrdinaryItem else {
            return writeInParts(frame, payload, text, of: observations)
        }
        write(frame, payload, of: observations, saying: notes, room: room)
    }

    /// Writes a frame with a short payload at once.
    /// - Parameter room: for the notes, which hold one ordinary unit.
    @inline(__always)
    private mutating func write(
        _ frame: borrowing Frame, _ payload: ShownPayload?, of observations: borrowing Observations,
        saying notes: ApplicationNotes?, room: Int
    ) {
        let length = payload?.range.count ?? 0
        writeTimed(atMost: JSONWriter.longestFrame + JSONText.room(for: length) + room) { output, second in
            JSONWriter.append(headOf: frame, to: &output, &second)
            if let payload { JSONWriter.append(payload, of: observations, to: &output) }
            if let notes { JSONWriter.append(notes, to: &output) }
            output.append(#","findings":[]}"#)
        }
    }

    /// The same for every frame, a part after the other.
    package mutating func writeInParts(
        _ frame: borrowing Frame, _ payload: ShownPayload?, _ text: ShownPayload?,
        of observations: borrowing Observations
    ) {
        writeTimed(atMost: JSONWriter.longestFrame) { JSONWriter.append(headOf: frame, to: &$0, &$1) }
        if let payload { write(payload, of: observations) }
        if frame.isInflated { member("inflated_length", frame.inflatedLength) }
        if let text, text.isText { write(text: text, of: observations) }
        if let close = frame.close {
            beginObject("close")
            write(close)
            endObject()
        }
        if let notes = frame.application { write(notes, isQuoting: payload != nil) }
        member("findings", frame.findings.lazy.map(\.rawValue))
        endObject()
    }

    private static func append(
        headOf frame: borrowing Frame, to output: inout ByteCursor, _ second: inout SecondText
    ) {
        // In processor registers, as long as nobody is told where it lies.
        var cursor = output
        cursor.append(#"{"type":"frame","connection":"#)
        cursor.append(decimal: UInt64(clamping: frame.connection))
        cursor.append(#","connection_id":""#)
        cursor.append(hex: frame.connectionID.rawValue)
        cursor.append(#"","number":"#)
        cursor.append(decimal: UInt64(clamping: frame.number))
        if let message = frame.message {
            cursor.append(#","message":"#)
            cursor.append(decimal: UInt64(clamping: message))
        }
        cursor.append(#","time":""#)
        second.append(frame.time, to: &cursor)
        cursor.append(#"","packet":"#)
        cursor.append(decimal: frame.packet.rawValue)
        if frame.firstPacket != frame.packet {
            cursor.append(#","first_packet":"#)
            cursor.append(decimal: frame.firstPacket.rawValue)
        }
        switch frame.sender {
        case .client: cursor.append(#","sender":"client""#)
        case .server: cursor.append(#","sender":"server""#)
        }
        append(frame.header, to: &cursor)
        if !frame.isWhole {
            cursor.append(#","incomplete":true,"captured_length":"#)
            cursor.append(decimal: frame.capturedLength)
        }
        output = cursor
    }

    @inline(__always)
    private static func append(_ header: FrameHeader, to output: inout ByteCursor) {
        if header.isFinal { output.append(#","fin":true"#) } else { output.append(#","fin":false"#) }
        append(reservedBits: header.reservedBits, to: &output)
        output.append(#","opcode":"#)
        output.append(decimal: UInt64(header.opcode.rawValue))
        output.append(#","kind":""#)
        switch header.opcode {
        case .text: output.append("text")
        case .binary: output.append("binary")
        default: output = output.appending(header.opcode.description)
        }
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

    @inline(__always)
    private static func append(reservedBits bits: UInt8, to output: inout ByteCursor) {
        guard bits != 0 else { return output.append(#","rsv1":false,"rsv2":false,"rsv3":false"#) }
        output.append(bits & 4 != 0 ? #","rsv1":true"# : #","rsv1":false"#)
        output.append(bits & 2 != 0 ? #","rsv2":true"# : #","rsv2":false"#)
        output.append(bits & 1 != 0 ? #","rsv3":true"# : #","rsv3":false"#)
    }

    private static func append(
        _ payload: ShownPayload, of observations: borrowing Observations, to output: inout ByteCursor
    ) {
        output.append(#","payload":""#)
        let bytes = observations.payloads.span.bytes.extracting(payload.range)
        if payload.isText {
            JSONText.append(bytes, to: &output)
            output.append(#"","payload_encoding":"utf8""#)
        } else {
            Base64.append(bytes, to: &output)
            output.append(#"","payload_encoding":"base64""#)
        }
        if payload.isTruncated { output.append(#","payload_truncated":true"#) }
    }

    mutating func write(_ payload: ShownPayload, of observations: borrowing Observations) {
        let bytes = observations.payloads.span.bytes.extracting(payload.range)
        if payload.isText {
            member("payload", text: bytes)
            raw(#","payload_encoding":"utf8""#)
        } else {
            member("payload", base64: bytes)
            raw(#","payload_encoding":"base64""#)
        }
        if payload.isTruncated { member("payload_truncated", true) }
    }

    /// What a payload inflates to.
    private mutating func write(text: ShownPayload, of observations: borrowing Observations) {
        member("text", text: observations.payloads.span.bytes.extracting(text.range))
        if text.isTruncated { member("text_truncated", true) }
    }

    /// What a close frame says, as members; nothing where it gives no code.
    mutating func write(_ close: CloseBody) {
        guard let code = close.code else { return }
        member("code", code.rawValue)
        member("name", code.name)
        member("reason", close.reason)
    }
}
