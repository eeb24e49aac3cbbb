import TapCore

/// Finds where frames begin in bytes of unknown alignment: where several headers follow each other, each at the offset that the
/// one before it names. How unlikely that is by chance is counted in bits.
package enum HTTP2FrameChain {
    package enum Answer: Equatable, Sendable {
        /// Frames begin at this offset.
        case begins(Int)
        /// They may begin at this offset; before it they do not.
        case undecided(Int)
    }

    /// Looks for the first offset at which frames begin.
    /// - Parameters:
    ///   - start: where to begin to look.
    ///   - longest: how long a frame's payload may be, in bytes.
    ///   - isOver: whether nothing follows these bytes; then two frames are enough that end where the bytes end.
    package static func search(
        _ bytes: RawSpan, from start: Int, longest: Int = HTTP2FrameHeader.usualPayload, isOver: Bool = false
    ) -> Answer {
        let firstByte = UInt8(clamping: longest >> 16)
        for offset in start..<max(start, bytes.byteCount) where bytes.uint8(at: offset) <= firstByte {
            switch verdict(bytes, at: offset, longest, isOver) {
            case .begins: return .begins(offset)
            case .undecided: return .undecided(offset)
            case .unlikely: continue
            }
        }
        return .undecided(max(start, bytes.byteCount))
    }

    private enum Verdict { case begins, undecided, unlikely }

    private static let leastHeaders = 3
    private static let mostHeaders = 6
    /// What is enough, in bits; a header of DATA is 20.
    private static let enough = 80
    private static let enoughAtEnd = 50

    private static func verdict(_ bytes: RawSpan, at offset: Int, _ longest: Int, _ isOver: Bool) -> Verdict {
        var position = offset
        var evidence = 0
        var streams: [HTTP2StreamID] = []
        for count in 0..<mostHeaders {
            guard bytes.byteCount - position >= HTTP2FrameHeader.length else {
                guard isOver else { return .undecided }
                return position == bytes.byteCount && count >= 2 && evidence >= enoughAtEnd ? .begins : .unlikely
            }
            let header = HTTP2FrameHeader(bytes.from(position))
            guard header.isLikely(longest: longest) else { return .unlikely }
            evidence += bits(of: header, after: streams)
            if count + 1 >= leastHeaders, evidence >= enough { return .begins }
            streams.append(header.stream)
            position += HTTP2FrameHeader.length + header.payloadLength
        }
        return .unlikely
    }

    /// How unlikely it is that other bytes look like this header; less than random ones would have it, since small numbers and
    /// zeros are frequent.
    private static func bits(of header: HTTP2FrameHeader, after streams: [HTTP2StreamID]) -> Int {
        var bits = 10 + 4 + 4
        switch header.type {
        case .priority, .resetStream, .ping, .windowUpdate: bits += 4
        case .data, .headers, .settings, .pushPromise, .goAway, .continuation, .unknown: break
        }
        if header.stream == .connection { return bits + 8 }
        return bits + (streams.contains(header.stream) ? 14 : 2)
    }
}

/// Tells HTTP/2 by how a direction begins.
package enum HTTP2Recognition {
    /// What a client sends first. RFC 9113 §3.4.
    package static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// Whether bytes begin with the client's preface; `nil` where they are too few to tell.
    package static func isClientStart(_ bytes: RawSpan) -> Bool? {
        for offset in 0..<preface.utf8CodeUnitCount {
            guard offset < bytes.byteCount else { return nil }
            guard bytes.uint8(at: offset) == byteOfPreface(offset) else { return false }
        }
        return true
    }

    /// Whether bytes begin as a server's do: with SETTINGS that can be, and a further header at the place that they name.
    /// `nil` where they are too few to tell.
    package static func isServerStart(_ bytes: RawSpan) -> Bool? {
        // Most other protocols are told by the first byte, and nearly all by those of the header.
        for offset in 0..<HTTP2FrameHeader.length {
            guard offset < bytes.byteCount else { return nil }
            let byte = bytes.uint8(at: offset)
            switch offset {
            case 1: guard byte <= UInt8(longestSettings >> 8) else { return false }
            case 2: break
            case 3: guard byte == 4 else { return false }
            case _: guard byte == 0 else { return false }
            }
        }
        let first = HTTP2FrameHeader(bytes)
        guard first.type == .settings, first.flags == 0, first.hasPossibleLength, first.hasPossibleStream,
            !first.hasReservedBit, first.payloadLength <= longestSettings
        else { return false }
        let next = HTTP2FrameHeader.length + first.payloadLength
        for offset in stride(from: HTTP2FrameHeader.length, to: next, by: 6) {
            guard offset + 6 <= bytes.byteCount else { return nil }
            guard isPossible(bytes.uint16(at: offset), bytes.uint32(at: offset + 2)) else { return false }
        }
        guard next + HTTP2FrameHeader.length <= bytes.byteCount else { return nil }
        return HTTP2FrameHeader(bytes.from(next)).isLikely(longest: HTTP2FrameHeader.usualPayload)
    }

    private static let longestSettings = 600

    static func byteOfPreface(_ offset: Int) -> UInt8 {
        preface.withUTF8Buffer { offset < $0.count ? $0[offset] : 0 }
    }

    /// Whether a parameter can have a value. RFC 9113 §6.5.2, RFC 8441 §3; of others nothing is known.
    static func isPossible(_ parameter: UInt16, _ value: UInt32) -> Bool {
        switch parameter {
        case 2, 8: value <= 1
        case 4: value <= 0x7FFF_FFFF
        case 5: (16_384...16_777_215).contains(value)
        case _: true
        }
    }
}
