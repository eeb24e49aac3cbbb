import TapCore

/// Flow control: which windows were exhausted, and for how long. RFC 9113 §5.2 and §6.9.
extension HTTP2Connection {
    /// RFC 9113 §6.9.1.
    static let largestWindow: Int64 = 0x7FFF_FFFF

    /// Whether every grant and every byte that was sent is known.
    private var isAccountable: Bool {
        hasAll(of: .fromFirst) && hasAll(of: .fromSecond) && !lacksSettings
    }

    /// What a stream may still send, in bytes.
    private func window(of stream: HTTP2Stream, _ direction: Direction) -> Int64 {
        halves[Int(direction.opposite.rawValue)].initialWindow - stream.sides[Int(direction.rawValue)].used
    }

    /// A frame of DATA begins on a stream that is followed.
    mutating func judgeWindows(
        _ count: Int, _ stream: HTTP2Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard count > 0, isAccountable else { return }
        let window = min(window(of: stream, direction), halves[Int(direction.rawValue)].window)
        guard Int64(count) > window else { return }
        violate(.windowExceeded, stream.id, "\(count) > \(window)", direction, packet, &sink)
    }

    /// A frame of DATA was sent, its padding included.
    mutating func spend(
        _ count: Int, on id: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard count > 0 else { return }
        let index = Int(direction.rawValue)
        halves[index].window &-= Int64(count)
        if halves[index].window <= 0, halves[index].exhausted == nil { halves[index].exhausted = packet }
        guard let stream = streams[id] else { return }
        stream.sides[index].used &+= Int64(count)
        guard window(of: stream, direction) <= 0, stream.sides[index].exhausted == nil else { return }
        stream.sides[index].exhausted = packet
        stream.sides[index].windowChanges = halves[Int(direction.opposite.rawValue)].windowChanges
    }

    /// WINDOW_UPDATE of a direction: its peer may send so much more.
    mutating func grant(
        _ count: UInt32, on id: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let sender = Int(direction.opposite.rawValue)
        if count == 0, halves[Int(direction.rawValue)].isWhole, id == .connection || streams.peek(id) != nil {
            violate(.windowIncrementZero, id, "", direction, packet, &sink)
        }
        if id == .connection {
            halves[sender].window = min(halves[sender].window &+ Int64(count), Self.largestWindow + 1)
            if halves[sender].window > Self.largestWindow, isAccountable {
                violate(.windowTooLarge, id, "\(count)", direction, packet, &sink)
            }
            guard halves[sender].window > 0, let since = halves[sender].exhausted else { return }
            halves[sender].exhausted = nil
            if !streams.isEmpty { giveStall(id, since, until: packet, direction.opposite, &sink) }
        } else if let stream = streams.peek(id) {
            stream.sides[sender].used &-= Int64(count)
            if window(of: stream, direction.opposite) > Self.largestWindow, isAccountable {
                violate(.windowTooLarge, id, "\(count)", direction, packet, &sink)
            }
            guard window(of: stream, direction.opposite) > 0, let since = stream.sides[sender].exhausted else { return }
            stream.sides[sender].exhausted = nil
            // When a change of all windows opened this one is not known.
            guard stream.sides[sender].windowChanges == halves[Int(direction.rawValue)].windowChanges else { return }
            giveStall(id, since, until: packet, direction.opposite, &sink)
        }
    }

    /// - Parameter direction: that of the sender who waited.
    private mutating func giveStall(
        _ id: HTTP2StreamID, _ since: PacketHeader, until packet: PacketHeader, isOpen: Bool = true,
        _ direction: Direction, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard isAccountable, let duration = packet.timestamp.elapsed(since: since.timestamp),
            duration >= limits.stallTime
        else { return }
        let stall = HTTP2Stall(stream: id, since: since, until: isOpen ? packet : nil, duration: duration)
        sink.found(.stall(stall), on: direction, in: packet)
    }

    /// The windows that were not opened before the end.
    mutating func endStalls(
        of open: [HTTP2Stream], _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        if let since = halves[Int(direction.rawValue)].exhausted, !open.isEmpty {
            giveStall(.connection, since, until: packet, isOpen: false, direction, &sink)
        }
        for stream in open { endStall(of: stream, direction, packet, &sink) }
    }

    /// The window of a stream that was not opened before its end.
    mutating func endStall(
        of stream: HTTP2Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let side = stream.sides[Int(direction.rawValue)]
        let changes = halves[Int(direction.opposite.rawValue)].windowChanges
        guard let since = side.exhausted, side.windowChanges == changes, !side.isEnded else { return }
        giveStall(stream.id, since, until: packet, isOpen: false, direction, &sink)
    }

    /// SETTINGS of a direction. A larger initial window counts at once, a smaller one when it is acknowledged: so none is
    /// said to be exceeded that its sender took to be larger.
    mutating func announce(
        _ initial: UInt32?, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let window = initial.map { min(Int64($0), Self.largestWindow) }
        if let window, window > halves[index].initialWindow {
            halves[index].initialWindow = window
            halves[index].windowChanges += 1
        }
        if halves[index].openSettings.count < limits.openSettings {
            halves[index].openSettings.append(window)
        } else {
            lacksSettings = true
            reach(.openSettings, direction, packet, &sink)
        }
    }

    /// The settings of the peer that were not acknowledged longest.
    mutating func acknowledge(_ direction: Direction) {
        let peer = Int(direction.opposite.rawValue)
        guard !halves[peer].openSettings.isEmpty else { return }
        guard let window = halves[peer].openSettings.removeFirst(), window != halves[peer].initialWindow else { return }
        halves[peer].initialWindow = window
        halves[peer].windowChanges += 1
    }
}
