import TapCore

/// Checks one frame's header against the rules that a receiver must enforce. RFC 6455 §5.
package enum FrameCheck {
    /// - Parameters:
    ///   - agreed: the extensions in force, which may set reserved bits.
    ///   - isMessageOpen: whether the sender has an unfinished message.
    package static func violations(
        _ header: FrameHeader, from sender: Sender, agreed: AgreedExtensions, isMessageOpen: Bool, isAfterClose: Bool
    ) -> [Violation] {
        var found: [Violation] = []
        if sender == .client, !header.isMasked {
            found.append(Violation(.frameClientUnmasked, "the client sent a frame without a mask"))
        }
        if sender == .server, header.isMasked {
            found.append(Violation(.frameServerMasked, "the server sent a masked frame"))
        }
        if header.reservedBits != 0 { found += reservedBits(header, agreed) }
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
    /// - Parameter isServersOwn: whether a server chose the code, rather than to give back the client's.
    package static func violations(inClose body: CloseBody, length: UInt64, isServersOwn: Bool) -> [Violation] {
        var found: [Violation] = []
        if length == 1 { found.append(Violation(.closeBodyTooShort, "the body of the close frame is one byte")) }
        if let code = body.code, !code.isAllowedOnWire {
            found.append(
                Violation(
                    .closeCodeInvalid, "close code \(code.rawValue) (\(code.name)) must not be sent",
                    [Evidence("code", .number(UInt64(code.rawValue)))]))
        }
        if body.code?.rawValue == 1010, isServersOwn {
            found.append(Violation(.closeCodeNotForServer, "the server sent close code 1010 (mandatory extension)"))
        }
        if !body.isReasonUTF8 { found.append(Violation(.closeReasonNotUTF8, "the close reason is not UTF-8")) }
        return found
    }

    package static func impossibleLength(_ header: FrameHeader) -> Violation { length(header, .frameLengthImpossible) }

    /// RSV1 of permessage-deflate belongs to the first frame of a message. RFC 7692 §6.
    private static func reservedBits(_ header: FrameHeader, _ agreed: AgreedExtensions) -> [Violation] {
        guard let allowed = agreed.reservedBits else { return [] }
        var found: [Violation] = []
        let names = [(UInt8(4), "RSV1"), (2, "RSV2"), (1, "RSV3")].filter { header.reservedBits & ~allowed & $0.0 != 0 }
            .map(\.1)
        if !names.isEmpty {
            found.append(
                Violation(
                    .frameReservedBits, "\(names.joined(separator: ", ")) set on a \(header.opcode) frame",
                    [Evidence("bits", .list(names))]))
        }
        let isMessageStart = !header.opcode.isControl && header.opcode != .continuation
        if agreed.isCompressed, allowed == 0x4, header.reservedBits & 0x4 != 0, !isMessageStart {
            found.append(Violation(.frameCompressionBitMisplaced, "RSV1 set on a \(header.opcode) frame"))
        }
        return found
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
            id, "\(Decimal.counted(header.payloadLength, "byte")), as a \(bits)-bit length",
            [Evidence("length", .number(header.payloadLength)), Evidence("length_bits", .number(UInt64(bits)))])
    }
}
