import TapCore

/// What is known of a connection when it is first seen to be HTTP/2.
package enum HTTP2Beginning: Sendable {
    /// The first byte of both directions is the first that was sent; the client begins with its preface.
    case preface(client: Direction)
    /// The same, after a 101 that answers `Upgrade: h2c`: what follows that in both directions.
    /// - Parameter settings: what `HTTP2-Settings` stands for, once it is decoded. RFC 7540 §3.2.1.
    case upgrade(client: Direction, settings: [UInt8])
    /// The first byte may be any. The client is given where it is known by other means.
    case inside(client: Direction?)
}

/// One HTTP/2 connection: takes the ordered bytes of both directions, and gives what the WebSocket tunnels in it carry.
/// RFC 9113, RFC 8441.
///
/// Where bytes are cut never changes what is given. Of a connection whose beginning was not captured, or of which bytes are
/// missing, no field is given that may be another; what is not known is counted.
package struct HTTP2Connection: ~Copyable {
    package internal(set) var counts = HTTP2Counts()
    package let limits: HTTP2Limits
    /// The direction of the client, as far as it is known.
    package internal(set) var client: Direction?
    var halves: InlineArray<2, HTTP2Half>
    var streams = HTTP2StreamTable<HTTP2Stream>()
    /// Streams that may have to go, in the order in which they were opened: all, those that are half over, and candidates.
    var openStreams = HTTP2StreamQueue()
    var halfOverStreams = HTTP2StreamQueue()
    var candidates = HTTP2StreamQueue()
    var candidateCount = 0
    /// The highest stream that the client opened.
    var highestStream = HTTP2StreamID.connection
    /// Streams whose request may have been missed.
    var missedStreams: ClosedRange<UInt32>?
    /// Streams that are stepped over; kept only where some requests were missed.
    var ignoredStreams: Set<HTTP2StreamID> = []
    var reachedLimits: Set<HTTP2LimitKind> = []
    var violations = 0
    /// Whether more settings were not acknowledged than are remembered: then nothing is said of windows.
    var lacksSettings = false
    /// Whether the sender of what is read may have had more of its peer than was read yet.
    package var isPeerBehind = false

    static let allStreams: ClosedRange<UInt32> = 1...0x7FFF_FFFF

    package init(_ beginning: HTTP2Beginning, limits: HTTP2Limits) {
        self.limits = limits
        switch beginning {
        case .preface(let client), .upgrade(let client, _):
            self.client = client
            halves = InlineArray { index in
                let isClient = index == Int(client.rawValue)
                return HTTP2Half(reading: isClient ? .preface(0) : .header, isWhole: true, limits: limits)
            }
        case .inside(let client):
            self.client = client
            halves = InlineArray { _ in HTTP2Half(reading: .searching, isWhole: false, limits: limits) }
            missedStreams = Self.allStreams
        }
        if case .upgrade(let client, let settings) = beginning { upgrade(client, settings) }
    }

    /// Goes on where frames were recognised in the middle of a connection.
    package init(_ pickUp: consuming HTTP2PickUp, client: Direction?, limits: HTTP2Limits) {
        self.init(.inside(client: client), limits: limits)
        for direction in [Direction.fromFirst, .fromSecond] {
            halves[Int(direction.rawValue)].search = pickUp.searches[Int(direction.rawValue)]
        }
    }

    /// Whether all is known that a direction held when its peer sent what is read now.
    func hasAll(of direction: Direction) -> Bool {
        halves[Int(direction.rawValue)].isKnown && !isPeerBehind
    }

    // MARK: Input

    package mutating func receive(
        _ bytes: RawSpan, on direction: Direction, in packet: PacketHeader, into sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if halves[index].passOver(bytes.byteCount) { return }
        var consumed = 0
        if !halves[index].isSearching { consumed = process(bytes, direction, packet, &sink) }
        guard halves[index].isSearching else { return }
        halves[index].search.append(bytes.from(consumed), in: packet)
        seek(direction, packet, isOver: false, &sink)
    }

    /// `count` bytes were sent but are not in the capture.
    /// - Parameter isExact: whether it is certain how many they are.
    package mutating func miss(
        _ count: Int, isExact: Bool = true, on direction: Direction, before packet: PacketHeader,
        into sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard count > 0 else { return }
        let index = Int(direction.rawValue)
        switch halves[index].reading {
        case .preface where !isExact, .header where !isExact, .frame where !isExact:
            loseAlignment(direction, packet, lost: count, &sink)
        case .ignored: return
        case .searching:
            halves[index].search.miss(count)
        case .preface(let matched):
            loseAlignment(direction, packet, lost: matched + count, &sink)
        case .header:
            loseAlignment(direction, packet, lost: halves[index].partialHeader.count + count, &sink)
        case .frame:
            var frame = halves[index].frame
            let inFrame = min(count, frame.left)
            lose(inFrame, of: &frame, direction, packet, &sink)
            frame.left -= inFrame
            goOn(with: frame, direction, packet, &sink)
            if count > inFrame { loseAlignment(direction, packet, lost: count - inFrame, &sink) }
        }
    }

    /// A direction is over.
    package mutating func end(
        _ direction: Direction, in packet: PacketHeader, into sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard !halves[index].isEnded else { return }
        halves[index].isEnded = true
        if halves[index].isSearching {
            seek(direction, packet, isOver: true, &sink)
            if halves[index].isSearching {
                halves[index].search.miss(0)
                halves[index].lostBytes &+= halves[index].search.skipped
                halves[index].reading = .ignored
            }
        }
        guard halves[index].lostBytes > 0 else { return }
        for (_, stream) in streams.inOrder { giveLoss(of: stream, direction, packet, &sink) }
    }

    /// Nothing more comes.
    package mutating func finish(in packet: PacketHeader, into sink: inout some HTTP2Sink & ~Copyable) {
        for direction in [Direction.fromFirst, .fromSecond] { end(direction, in: packet, into: &sink) }
        let open = streams.inOrder.map(\.value)
        for direction in [Direction.fromFirst, .fromSecond] {
            endStalls(of: open, direction, packet, &sink)
            for stream in open { giveLoss(of: stream, direction, packet, &sink) }
        }
        streams = HTTP2StreamTable()
        for index in halves.indices { halves[index].inflater = nil }
    }

    mutating func remove(_ stream: HTTP2Stream) {
        if stream.kind == .candidate { candidateCount -= 1 }
        streams[stream.id] = nil
    }

    /// How many bytes are still to come of the frame that is open in a direction.
    package func frameRest(on direction: Direction) -> Int {
        guard case .frame = halves[Int(direction.rawValue)].reading else { return 0 }
        return halves[Int(direction.rawValue)].frame.left
    }

    /// How many streams are followed now.
    package var openStreamCount: Int { streams.count }

    // MARK: Alignment

    /// Reads what follows; returns how much of it was consumed, which is all unless it is not known any more where the next
    /// frame begins.
    private mutating func process(
        _ bytes: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) -> Int {
        let index = Int(direction.rawValue)
        var offset = 0
        while offset < bytes.byteCount {
            switch halves[index].reading {
            case .preface(let matched):
                offset += readPreface(bytes.from(offset), matched, direction, packet, &sink)
            case .header:
                let whole = readWholeData(bytes.from(offset), direction, packet, &sink)
                offset += whole > 0 ? whole : readHeader(bytes.from(offset), direction, packet, &sink)
            case .frame:
                offset += readPayload(bytes.from(offset), of: halves[index].frame, direction, packet, &sink)
            case .searching: return offset
            case .ignored: return bytes.byteCount
            }
        }
        return offset
    }

    private mutating func readPreface(
        _ bytes: RawSpan, _ matched: Int, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) -> Int {
        let length = HTTP2Recognition.preface.utf8CodeUnitCount
        let count = min(length - matched, bytes.byteCount)
        for offset in 0..<count where bytes.uint8(at: offset) != HTTP2Recognition.byteOfPreface(matched + offset) {
            refuse(direction, packet, &sink)
            return bytes.byteCount
        }
        let index = Int(direction.rawValue)
        halves[index].reading = matched + count == length ? .header : .preface(matched + count)
        return count
    }

    /// It is no HTTP/2.
    mutating func refuse(
        _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        halves[index].reading = .ignored
        halves[index].isWhole = false
        sink.found(.notHTTP2, on: direction, in: packet)
    }

    mutating func loseAlignment(
        _ direction: Direction, _ packet: PacketHeader, lost: Int, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        halves[index].reading = .searching
        halves[index].partialHeader = []
        halves[index].search = HTTP2Search(skipped: lost)
        halves[index].isWhole = false
        halves[index].awaitsFirstFrame = false
        halves[index].newSettings = HTTP2Settings()
        sink.found(.alignmentLost, on: direction, in: packet)
        if halves[index].block != nil { counts.lostBlocks += 1 }
        halves[index].block = nil
        forgetTable(direction, packet, isFault: false, &sink)
        if client != direction.opposite { missStreams(from: highestStream.rawValue &+ 1) }
    }

    /// Looks for the next frame, and reads on from there.
    private mutating func seek(
        _ direction: Direction, _ packet: PacketHeader, isOver: Bool, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let opposite = Int(direction.opposite.rawValue)
        while halves[index].isSearching {
            let longest = min(halves[opposite].largestFrame, HTTP2Half.longestSought)
            guard halves[index].search.find(longest: longest, isOver: isOver) else { return }
            var held = HTTP2Search()
            swap(&held, &halves[index].search)
            halves[index].reading = .header
            halves[index].lostBytes &+= held.skipped
            sink.found(
                .alignmentFound(skipped: held.skipped), on: direction, in: held.piece(at: held.start)?.packet ?? packet)
            var offset = held.start
            while !halves[index].isSearching, let piece = held.piece(at: offset) {
                offset += process(
                    held.bytes.span.bytes.extracting(offset..<piece.end), direction, piece.packet, &sink)
            }
            if halves[index].isSearching {
                held.resume(at: offset, skipped: halves[index].search.skipped)
                swap(&held, &halves[index].search)
            }
        }
    }
}

extension HTTP2Half {
    var isSearching: Bool { if case .searching = reading { true } else { false } }

    /// Where frames are sought, none is taken to be longer, in bytes of payload.
    static let longestSought = 65_535
}
