import TapCore
import TapSecurity

/// What opened packets hold. RFC 9000 §19.
extension QUICConnection {
    func takeFrames(
        _ opened: Opened, _ level: QUICLevel, _ direction: Direction, _ packet: PacketHeader, _ context: TLSContext,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        let ciphers = context.ciphers
        var reader = ByteReader(ciphers.plain(opened.payload))
        while reader.remaining > 0 {
            guard let type = reader.quicInteger(),
                takeFrame(type, &reader, opened.number, level, direction, packet, context, &sink)
            else { return }
        }
    }

    /// Returns `false` where nothing of what follows in the packet can be read.
    private func takeFrame(
        _ type: UInt64, _ reader: inout ByteReader, _ number: UInt64, _ level: QUICLevel, _ direction: Direction,
        _ packet: PacketHeader, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) -> Bool {
        // In packets that everybody could have written, or that come before the handshake, there are few: RFC 9000 §12.4.
        guard level == .application || level == .early || QUICConnection.isOfHandshake(type) else { return false }
        switch type {
        case 0x00, 0x01, 0x1E: return true  // PADDING, PING, HANDSHAKE_DONE
        case 0x02, 0x03: return takeAcknowledgment(&reader, hasCounts: type == 3, level, direction, packet, &sink)
        case 0x04:  // RESET_STREAM
            guard let stream = reader.quicInteger(), let code = reader.quicInteger(), let size = reader.quicInteger()
            else { return false }
            reset(stream, code, size, direction, packet, context, &sink)
            return true
        case 0x05:  // STOP_SENDING
            guard let stream = reader.quicInteger(), let code = reader.quicInteger() else { return false }
            sink.found(.stopSending(stream: stream, code: code), on: direction, in: packet)
            return true
        case 0x06:  // CRYPTO
            guard let offset = reader.quicInteger(), let length = reader.quicInteger() else { return false }
            let start = reader.offset
            guard reader.skip(Int(clamping: length)) else { return false }
            takeCrypto(
                reader.bytes.extracting(start..<reader.offset), at: offset, number, level, direction, packet, context,
                &sink)
            return true
        case 0x07:  // NEW_TOKEN
            guard let length = reader.quicInteger() else { return false }
            return reader.skip(Int(clamping: length))
        case 0x08...0x0F: return takeStream(type, &reader, number, direction, packet, context, &sink)
        // MAX_DATA, MAX_STREAMS, DATA_BLOCKED, STREAMS_BLOCKED, RETIRE_CONNECTION_ID
        case 0x10, 0x12, 0x13, 0x14, 0x16, 0x17, 0x19: return reader.skipIntegers(1)
        case 0x11, 0x15: return reader.skipIntegers(2)  // MAX_STREAM_DATA, STREAM_DATA_BLOCKED
        case 0x18: return takeNewID(&reader, direction, packet, &sink)
        case 0x1A, 0x1B: return reader.skip(8)  // PATH_CHALLENGE, PATH_RESPONSE
        case 0x1C, 0x1D:  // CONNECTION_CLOSE
            guard let code = reader.quicInteger(), type == 0x1D || reader.quicInteger() != nil else { return false }
            // What everybody could have written counts only as long as nothing else was.
            if close == nil, level != .initial || !hasData {
                skipAllGaps(context, &sink)
                let close = QUICClose(code: code, isApplication: type == 0x1D)
                self.close = close
                sink.found(.closed(close), on: direction, in: packet)
            }
            return false
        case 0x30: return false  // DATAGRAM to the end of the packet: RFC 9221 §4
        case 0x31:
            guard let length = reader.quicInteger() else { return false }
            return reader.skip(Int(clamping: length))
        case 0xAF: return reader.skipIntegers(4)  // ACK_FREQUENCY
        case _: return false
        }
    }

    /// PADDING, PING, ACK, CRYPTO and CONNECTION_CLOSE.
    private static func isOfHandshake(_ type: UInt64) -> Bool {
        switch type {
        case 0x00...0x03, 0x06, 0x1C: true
        case _: false
        }
    }

    private func takeNewID(
        _ reader: inout ByteReader, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some QUICSink & ~Copyable
    ) -> Bool {
        guard reader.skipIntegers(2), let length = reader.read(UInt8.self) else { return false }
        let start = reader.offset
        guard reader.skip(Int(length)),
            let id = QUICConnectionID(reader.bytes.extracting(start..<start + Int(length)))
        else { return false }
        add(id, on: direction.opposite, packet, &sink)
        return reader.skip(16)
    }

    // MARK: Acknowledgments

    /// Says of the peer's packets which it has: one that the capture has not is missing there. RFC 9000 §19.3.
    private func takeAcknowledgment(
        _ reader: inout ByteReader, hasCounts: Bool, _ level: QUICLevel, _ direction: Direction,
        _ packet: PacketHeader, _ sink: inout some QUICSink & ~Copyable
    ) -> Bool {
        guard let largest = reader.quicInteger(), reader.skipIntegers(1), let count = reader.quicInteger(),
            let first = reader.quicInteger()
        else { return false }
        var (high, length) = (largest, first)
        let sender = Int(direction.opposite.rawValue)
        var missing: [UInt64] = []
        var left = count
        while true {
            guard length <= high else { return false }
            if level == .application, missing.count < QUICHalf.mostMissing {
                let most = QUICHalf.mostMissing - missing.count
                missing += halves[sender].numbers.missing(in: high - length...high, most: most)
            }
            guard left > 0 else { break }
            left -= 1
            guard let gap = reader.quicInteger(), let next = reader.quicInteger(), high - length >= gap + 2 else {
                return false
            }
            (high, length) = (high - length - gap - 2, next)
        }
        if halves[sender].note(missing: missing, at: packet.timestamp) {
            sink.found(.packetsMissing, on: direction.opposite, in: packet)
        }
        return !hasCounts || reader.skipIntegers(3)
    }
}

extension ByteReader {
    /// Moves past integers, or answers `false` where there are fewer.
    @_lifetime(self: copy self)
    fileprivate mutating func skipIntegers(_ count: Int) -> Bool {
        for _ in 0..<count where quicInteger() == nil { return false }
        return true
    }
}
