import Glibc
public import TapCore

/// Packets of several interfaces as one capture: merged by time, and numbered from 1.
///
/// It never waits, as ``LiveCapture``. Where there are several, a packet is given once all others can be known that came before it: the kernel
/// hands packets over up to 10 ms late.
public struct LiveCaptures: ~Copyable {
    /// One of the interfaces.
    private final class Source {
        var capture: LiveCapture
        /// The packet that waits for its turn.
        var waiting: PacketHeader?

        init(_ capture: consuming LiveCapture) { self.capture = capture }

        func fill() throws(CaptureError) {
            if waiting == nil { waiting = try capture.next() }
        }
    }

    private let sources: [Source]
    /// Which of them the present packet is of.
    private var present = 0
    private var packet = UnsafeRawBufferPointer(start: nil, count: 0)
    private var count: UInt64 = 0

    /// How long a packet waits for such of other interfaces, in nanoseconds: twice the time that libpcap sets for that.
    private static let patience: Int64 = 20_000_000
    private static let patienceMilliseconds: Int32 = 10

    /// Begins to capture on all of them.
    /// - Parameter interfaces: at least one.
    public init(interfaces: [String], options: LiveOptions = LiveOptions()) throws(CaptureError) {
        var sources: [Source] = []
        for interface in interfaces {
            sources.append(Source(try LiveCapture(interface: interface, options: options)))
        }
        self.sources = sources
    }

    /// The interfaces, in the order in which they were named.
    public var interfaces: [(name: String, linkType: LinkType)] {
        sources.map { ($0.capture.interface, $0.capture.linkType) }
    }

    /// What libpcap could not do as the options asked, though it captures.
    public var warnings: [String] { sources.compactMap { $0.capture.warning } }

    /// The captured bytes of the packet that `next()` moved to; they are borrowed until the next call of it.
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get { _overrideLifetime(packet.bytes, borrowing: self) }
    }

    /// Which interface that packet is of, by its place among them.
    public var interface: Int { present }

    /// Moves to the next packet, or answers `nil` where none is there now.
    /// - Parameter isLast: whether no packet that is not there yet counts any more.
    public mutating func next(isLast: Bool = false) throws(CaptureError) -> PacketHeader? {
        packet = UnsafeRawBufferPointer(start: nil, count: 0)
        guard let index = try earliest(isLast: isLast) else { return nil }
        let source = sources[index]
        guard var header = source.waiting.take() else { return nil }
        (present, packet) = (index, source.capture.place)
        count &+= 1
        header.number = PacketNumber(count)
        return header
    }

    private func earliest(isLast: Bool) throws(CaptureError) -> Int? {
        var earliest: (index: Int, time: Timestamp)?
        var isOneEmpty = false
        for (index, source) in sources.enumerated() {
            try source.fill()
            guard let waiting = source.waiting else {
                isOneEmpty = true
                continue
            }
            if earliest.map({ waiting.timestamp < $0.time }) ?? true { earliest = (index, waiting.timestamp) }
        }
        guard let earliest, isOneEmpty, !isLast else { return earliest?.index }
        return LiveCaptures.now.since(earliest.time) >= LiveCaptures.patience ? earliest.index : nil
    }

    /// The clock by which packets are captured.
    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }

    /// Waits until a packet may be there, the time is over, or a signal arrives; or until something can be read from one of
    /// `descriptors`.
    public func wait(milliseconds: Int, besides descriptors: [Int32] = []) {
        if sources.count == 1 { return sources[0].capture.wait(milliseconds: milliseconds, besides: descriptors) }
        var limit = Int32(clamping: max(milliseconds, 0))
        var waited: [Int32] = []
        for source in sources {
            if let longest = source.capture.longestWait { limit = min(limit, longest) }
            if source.waiting == nil {
                waited.append(source.capture.descriptor)
            } else {
                limit = min(limit, LiveCaptures.patienceMilliseconds)
            }
        }
        var requests = (waited + descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&requests, nfds_t(requests.count), limit)
    }

    /// What was received and lost so far on all of them.
    public func statistics() -> LiveStatistics {
        sources.reduce(into: LiveStatistics()) { sum, source in
            let one = source.capture.statistics()
            sum.received += one.received
            sum.droppedByKernel += one.droppedByKernel
            sum.droppedByInterface += one.droppedByInterface
        }
    }
}
