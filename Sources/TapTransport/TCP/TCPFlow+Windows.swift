import TapCore

/// Windows that are closed for a while: only what the capture shows of them is said. A flow with one is unusual as long as that
/// is so, and every segment of it takes the slow path.
extension TCPFlow {
    /// Follows the windows after a segment that is no RST and no SYN was received.
    mutating func followWindows(
        _ segment: TCPSegment, _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader,
        to sink: inout some StreamSink & ~Copyable
    ) {
        let isClosed = segment.window == 0
        guard isClosed || unusual.map({ !$0.closings.isEmpty }) ?? false else { return }
        let direction = stream.direction
        let sender = self[direction]
        guard segment.flags.contains(.ack), segment.flags.isDisjoint(with: [.syn, .rst]), sender.phase != .unseen,
            !sender.isCorrupt(segment, in: bytes, addresses: addressSum)
        else { return }
        // Who sends more than a probe has been allowed to.
        if segment.payloadLength > 0, closing(of: direction.opposite)?.isExceeded(by: segment.payloadEnd) ?? false {
            endClosing(of: direction.opposite, openedIn: nil, stream.flow, to: &sink)
        }
        let ahead = sender.expected.distance(to: segment.payloadEnd)
        // What lies behind says what was so before.
        guard ahead >= 0 else { return }
        if let closing = closing(of: direction) {
            guard !closing.isOutdated(segment.acknowledgmentNumber) else { return }
            // In bytes that are missing the window may have been opened.
            let isKnown = ahead == 0 && closing.isAtEdge(segment.acknowledgmentNumber)
            if isClosed, isKnown {
                unusual?.confirmClosing(of: direction, in: packet)
                return
            }
            endClosing(of: direction, openedIn: isKnown ? packet : nil, stream.flow, to: &sink)
        }
        // Where one of them has said that nothing more comes, it may be that nobody is to read.
        guard isClosed, ahead == 0, sender.phase == .open, self[direction.opposite].phase == .open else { return }
        makeUnusual().closings.append(WindowClosing(segment, direction, in: packet))
    }

    /// Says what is known of windows that are still closed at the end.
    mutating func endClosings(_ flow: FlowID, to sink: inout some StreamSink & ~Copyable) {
        guard let unusual, !unusual.closings.isEmpty else { return }
        endClosing(of: .fromFirst, openedIn: nil, flow, to: &sink)
        endClosing(of: .fromSecond, openedIn: nil, flow, to: &sink)
    }

    private func closing(of direction: Direction) -> WindowClosing? {
        unusual?.closings.first { $0.direction == direction }
    }

    private func endClosing(
        of direction: Direction, openedIn packet: PacketHeader?, _ flow: FlowID,
        to sink: inout some StreamSink & ~Copyable
    ) {
        guard let unusual, let index = unusual.closings.firstIndex(where: { $0.direction == direction }) else { return }
        let closing = unusual.closings.remove(at: index)
        guard let window = closing.finished(openedIn: packet) else { return }
        sink.noted(.closedWindow(window), on: StreamID(flow, direction), in: packet ?? closing.last)
    }
}

extension UnusualFlow {
    fileprivate func confirmClosing(of direction: Direction, in packet: PacketHeader) {
        guard let index = closings.firstIndex(where: { $0.direction == direction }) else { return }
        closings[index].confirm(in: packet)
    }
}
