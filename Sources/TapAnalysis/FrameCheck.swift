import TapWebSocket

/// Checks one frame's header against the rules that a receiver must enforce. RFC 6455 §5.
enum FrameCheck {
    /// - Parameters:
    ///   - allowedBits: the reserved bits that the negotiated extensions may set, or `nil` where they are not known.
    ///   - isMessageOpen: whether the sender has an unfinished message.
    static func violations(
        _ header: FrameHeader, from sender: Sender, allowedBits: UInt8?, isMessageOpen: Bool, isAfterClose: Bool
    ) -> [Violation] {
        var found: [Violation] = []
        if sender == .client, !header.isMasked {
            found.append(Violation(.frameClientUnmasked, "the client sent a frame without a mask"))
        }
        if sender == .server, header.isMasked {
            found.append(Violation(.frameServerMasked, "the server sent a masked frame"))
        }
        if let violation = reservedBits(header, allowedBits) { found.append(violation) }
        if header.opcode.isReserved {
            found.append(
                Violation(
                    .frameReservedOpcode, "opcode \(header.opcode.rawValue) is reserved",
                    [Evidence("opcode", .number(UInt64(header.opcode.rawValue)))]))
        }
        if !header.isLengthMinimal { found.append(length(header, .frameLengthNotMinimal)) }
        if header.opcode.isControl {
            found += control(header)
        } else if !header.opcode.isReserved {
            found += order(header, isMessageOpen: isMessageOpen)
        }
        if isAfterClose {
            found.append(Violation(.frameAfterClose, "the \(sender.rawValue) had sent a close frame before"))
        }
        return found
    }

    /// What the body of a whole close frame does wrong. RFC 6455 §5.5.1 and §7.4.
    static func violations(inClose body: CloseBody, length: UInt64) -> [Violation] {
        var found: [Violation] = []
        if length == 1 { found.append(Violation(.closeBodyTooShort, "the body of the close frame is one byte")) }
        if let code = body.code, !code.isAllowedOnWire {
            found.append(
                Violation(
                    .closeCodeInvalid, "close code \(code.rawValue) (\(code.name)) must not be sent",
                    [Evidence("code", .number(UInt64(code.rawValue)))]))
        }
        if !body.isReasonUTF8 { found.append(Violation(.closeReasonNotUTF8, "the close reason is not UTF-8")) }
        return found
    }

    static func impossibleLength(_ header: FrameHeader) -> Violation { length(header, .frameLengthImpossible) }

    /// RSV1 of permessage-deflate belongs to the first frame of a message. RFC 7692 §6.
    private static func reservedBits(_ header: FrameHeader, _ allowedBits: UInt8?) -> Violation? {
        guard let allowedBits else { return nil }
        let isMessageStart = !header.opcode.isControl && header.opcode != .continuation
        let allowed = allowedBits == 0x4 && !isMessageStart ? 0 : allowedBits
        let unexplained = header.reservedBits & ~allowed
        guard unexplained != 0 else { return nil }
        let names = [(UInt8(4), "RSV1"), (2, "RSV2"), (1, "RSV3")].filter { unexplained & $0.0 != 0 }.map(\.1)
        return Violation(
            .frameReservedBits, "\(names.joined(separator: ", ")) set on a \(header.opcode) frame",
            [Evidence("bits", .list(names))])
    }

    private static func control(_ header: FrameHeader) -> [Violation] {
        var found: [Violation] = []
        if header.payloadLength > 125 { found.append(length(header, .frameControlTooLong)) }
        if !header.isFinal {
            found.append(Violation(.frameControlFragmented, "the \(header.opcode) frame has FIN clear"))
        }
        return found
    }

    private static func order(_ header: FrameHeader, isMessageOpen: Bool) -> [Violation] {
        switch (header.opcode == .continuation, isMessageOpen) {
        case (true, false):
            [Violation(.frameContinuationUnexpected, "no message was begun in this direction")]
        case (false, true):
            [Violation(.frameMessageInterrupted, "a \(header.opcode) frame begins inside an unfinished message")]
        case (true, true), (false, false): []
        }
    }

    private static func length(_ header: FrameHeader, _ id: FindingID) -> Violation {
        let form = header.length - (header.isMasked ? 4 : 0)
        let bits = form == 2 ? 7 : form == 4 ? 16 : 64
        return Violation(
            id, "\(header.payloadLength) bytes, as a \(bits)-bit length",
            [Evidence("length", .number(header.payloadLength)), Evidence("length_bits", .number(UInt64(bits)))])
    }
}
