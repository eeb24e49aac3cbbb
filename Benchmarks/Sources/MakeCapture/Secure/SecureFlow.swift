/// A connection inside TLS, made from the segments of the same connection in the clear.
struct SecureFlow {
    /// Where the content of a segment in the clear lies inside TLS.
    private struct Place {
        let clear: UInt32
        let secure: UInt32
        /// The number of its first record.
        let record: UInt64
    }

    private struct End {
        /// The number of the next byte in the clear, and of the next that is sent.
        var clear: UInt32
        var secure: UInt32
        var identification: UInt16
        var acknowledged: UInt32?
        /// What fills no record yet, and records that fill no segment.
        var plain: [UInt8] = []
        var unsent: [UInt8] = []
        /// Of the latest segments, which may be sent again.
        var places: [Place] = []
    }

    private static let keptPlaces = 8
    private static let port: UInt16 = 443

    /// The connection's number, from 0.
    private let number: Int
    private let recordSize: Int
    /// Whether records go on over segments as long as these are full; then segments come in order, and once.
    private let isStream: Bool
    private var ends: PerSide<End>
    private var keys: PerSide<TrafficKey>?

    /// - Parameter segment: the client's SYN.
    init(number: Int, recordSize: Int, isStream: Bool, openedBy segment: TCPSegment) {
        self.number = number
        self.recordSize = recordSize
        self.isStream = isStream
        let end = End(clear: 0, secure: 0, identification: segment.header.identification)
        ends = PerSide(client: end, server: end)
    }

    /// The segments that take the place of one.
    mutating func packets(
        for segment: TCPSegment, payload: ArraySlice<UInt8>, from side: Side, in layer: inout SecureLayer
    ) -> [TCPPacket] {
        if segment.flags.contains(.synchronize) {
            (ends[side].clear, ends[side].secure) = (segment.sequence &+ 1, segment.sequence &+ 1)
            return [packet(like: segment, from: side, at: segment.sequence, [])]
        }
        if segment.flags.contains(.finish) {
            var packets = flush(like: segment, from: side, in: &layer)
            if let keys {
                var alert: [UInt8] = []
                layer.sealer.append(
                    [1, 0], type: .alert, number: keys[side].number, with: keys[side], to: &alert)
                packets += send(alert[...], like: segment, from: side)
            }
            packets.append(packet(like: segment, from: side, at: ends[side].secure, []))
            ends[side].clear &+= 1
            ends[side].secure &+= 1
            return packets
        }
        if payload.isEmpty {
            let isNew = ends[side].acknowledged != ends[side.opposite].secure
            return isNew ? [packet(like: segment, from: side, at: ends[side].secure, [])] : []
        }
        let opening = keys == nil ? agree(like: segment, from: side, in: &layer) : []
        return opening + data(segment, payload, from: side, in: &layer)
    }

    /// The handshake of TLS.
    private mutating func agree(like segment: TCPSegment, from side: Side, in layer: inout SecureLayer) -> [TCPPacket] {
        let session = layer.makeSession(of: number)
        keys = session.keys
        return session.flights.flatMap { flight in
            send(flight.bytes[...], like: flight.side == side ? segment : segment.answer, from: flight.side)
        }
    }

    private mutating func data(
        _ segment: TCPSegment, _ payload: ArraySlice<UInt8>, from side: Side, in layer: inout SecureLayer
    ) -> [TCPPacket] {
        if isStream {
            ends[side].clear &+= UInt32(payload.count)
            ends[side].plain += payload
            if payload.count < TCPSegment.longestPayload { return flush(like: segment, from: side, in: &layer) }
            while ends[side].plain.count >= recordSize {
                let content = Array(ends[side].plain.prefix(recordSize))
                ends[side].plain.removeFirst(recordSize)
                ends[side].unsent += records(of: content[...], from: side, in: &layer)
            }
            let full = ends[side].unsent.count / TCPSegment.longestPayload * TCPSegment.longestPayload
            let bytes = ends[side].unsent.prefix(full)
            ends[side].unsent.removeFirst(full)
            return send(bytes, like: segment, from: side)
        }
        let gap = Int32(bitPattern: segment.sequence &- ends[side].clear)
        if gap < 0 {
            // It was sent before, or overtaken.
            guard let place = ends[side].places.last(where: { $0.clear == segment.sequence }) else { return [] }
            let bytes = layer.records(of: payload, from: place.record, of: direction(side), keys?[side])
            return [packet(like: segment, from: side, at: place.secure, bytes[...])]
        }
        // It overtakes one, whose records come before its own.
        if gap > 0 { note(Int(gap), from: side, in: layer) }
        let start = ends[side].secure
        let first = keys?[side].number ?? 0
        note(payload.count, from: side, in: layer)
        let bytes = layer.records(of: payload, from: first, of: direction(side), keys?[side])
        return [packet(like: segment, from: side, at: start, bytes[...])]
    }

    /// Counts the records of a segment.
    private mutating func note(_ count: Int, from side: Side, in layer: borrowing SecureLayer) {
        let place = Place(clear: ends[side].clear, secure: ends[side].secure, record: keys?[side].number ?? 0)
        if ends[side].places.count == Self.keptPlaces { ends[side].places.removeFirst() }
        ends[side].places.append(place)
        let (records, length) = layer.extent(of: count)
        ends[side].clear &+= UInt32(count)
        ends[side].secure &+= UInt32(length)
        keys?[side].number += UInt64(records)
    }

    /// What was said but not sent yet.
    private mutating func flush(like segment: TCPSegment, from side: Side, in layer: inout SecureLayer) -> [TCPPacket] {
        let content = ends[side].plain
        ends[side].plain = []
        let bytes = ends[side].unsent + records(of: content[...], from: side, in: &layer)
        ends[side].unsent = []
        return send(bytes[...], like: segment, from: side)
    }

    private mutating func records(
        of content: ArraySlice<UInt8>, from side: Side, in layer: inout SecureLayer
    ) -> [UInt8] {
        guard !content.isEmpty else { return [] }
        let bytes = layer.records(of: content, from: keys?[side].number ?? 0, of: direction(side), keys?[side])
        keys?[side].number += UInt64(layer.extent(of: content.count).records)
        return bytes
    }

    private func direction(_ side: Side) -> Int { 2 * number + (side == .client ? 0 : 1) }

    // MARK: Segments

    /// The next bytes of a side, in full segments.
    private mutating func send(_ bytes: ArraySlice<UInt8>, like segment: TCPSegment, from side: Side) -> [TCPPacket] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: TCPSegment.longestPayload).map { start in
            let payload = bytes[start..<min(start + TCPSegment.longestPayload, bytes.endIndex)]
            let packet = packet(like: segment, from: side, at: ends[side].secure, payload)
            ends[side].secure &+= UInt32(payload.count)
            return packet
        }
    }

    private mutating func packet(
        like segment: TCPSegment, from side: Side, at sequence: UInt32, _ payload: ArraySlice<UInt8>
    ) -> TCPPacket {
        ends[side].identification &+= 1
        let acknowledgment = ends[side.opposite].secure
        let acknowledges = segment.flags.contains(.acknowledge)
        if acknowledges { ends[side].acknowledged = acknowledgment }
        let header = IPv4Header(
            source: segment.header.source.with(port: side == .server ? Self.port : nil),
            destination: segment.header.destination.with(port: side == .client ? Self.port : nil),
            transport: .tcp, identification: ends[side].identification)
        let segment = TCPSegment(
            header: header, flags: payload.isEmpty ? segment.flags : [.push, .acknowledge], sequence: sequence,
            acknowledgment: acknowledges ? acknowledgment : 0, timestamp: segment.timestamp,
            timestampEcho: segment.timestampEcho)
        return TCPPacket(segment: segment, payload: payload)
    }
}

extension TCPSegment {
    /// A segment of the other side at the same time.
    fileprivate var answer: TCPSegment {
        TCPSegment(
            header: IPv4Header(
                source: header.destination, destination: header.source, transport: header.transport,
                identification: header.identification),
            flags: flags, sequence: acknowledgment, acknowledgment: sequence, timestamp: timestampEcho,
            timestampEcho: timestamp)
    }
}

extension Endpoint {
    fileprivate func with(port: UInt16?) -> Endpoint {
        Endpoint(address: address, port: port ?? self.port, hardwareAddress: hardwareAddress)
    }
}
