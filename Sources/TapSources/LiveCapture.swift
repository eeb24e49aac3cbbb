import CPcap
import Glibc
public import TapCore

/// Packets from a network interface as they pass, numbered from 1.
///
/// It never waits: `next()` answers `nil` when no packet is there now, and `wait(milliseconds:)` waits for one.
public struct LiveCapture: ~Copyable {
    /// The interface as the user named it; `any` is all of them.
    public let interface: String
    public let linkType: LinkType
    /// What libpcap could not do as the options asked, though it captures.
    public let warning: String?

    private let handle: PcapHandle
    private let hasNanoseconds: Bool
    private var packet: UnsafeRawBufferPointer
    private var count: UInt64 = 0
    private var counters = LiveStatistics()

    /// Begins to capture on `interface`; needs the right to (on Linux CAP_NET_RAW).
    public init(interface: String, options: LiveOptions = LiveOptions()) throws(CaptureError) {
        let before = OpenDescriptors.all
        let handle = try LiveCapture.open(interface)
        let pointer = handle.pointer
        let warning = try LiveCapture.activate(handle, interface, options)
        if let filter = options.filter { try LiveCapture.install(filter, on: handle) }
        var buffer = PcapErrorBuffer()
        guard pcap_setnonblock(pointer, 1, &buffer.characters) == 0 else {
            throw CaptureError("cannot capture on \(interface): \(buffer.text)")
        }
        // Programs that are started beside the capture have no business with it; libpcap opens what it needs without this.
        for descriptor in OpenDescriptors.all.subtracting(before) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        hasNanoseconds = pcap_get_tstamp_precision(pointer) == PCAP_TSTAMP_PRECISION_NANO
        linkType = LinkType(dataLinkType: pcap_datalink(pointer))
        packet = UnsafeRawBufferPointer(start: nil, count: 0)
        self.interface = interface
        self.warning = warning
        self.handle = handle
    }

    /// The captured bytes of the packet that `next()` moved to; they are borrowed until the next call of it.
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get { _overrideLifetime(packet.bytes, borrowing: self) }
    }

    /// Where those bytes are.
    var place: UnsafeRawBufferPointer { packet }

    /// What can be waited on for packets; negative where there is nothing but time.
    public var descriptor: Int32 { pcap_get_selectable_fd(handle.pointer) }

    /// How long one may wait for it at most, in milliseconds; `nil` where that does not matter.
    var longestWait: Int32? {
        guard let interval = pcap_get_required_select_timeout(handle.pointer)?.pointee else { return nil }
        return Int32(clamping: interval.tv_sec * 1_000 + Int(interval.tv_usec) / 1_000)
    }

    /// Moves to the next packet, or answers `nil` where none is there now.
    ///
    /// Throws where the capture is over because the interface is gone.
    public mutating func next() throws(CaptureError) -> PacketHeader? {
        var record: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        packet = UnsafeRawBufferPointer(start: nil, count: 0)
        let result = pcap_next_ex(handle.pointer, &record, &data)
        guard result >= 0 else { throw CaptureError("the capture on \(interface) is over: \(handle.errorText)") }
        guard result == 1, let record = record?.pointee else { return nil }
        packet = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : Int(record.caplen))
        count &+= 1
        let fraction = Int64(record.ts.tv_usec)
        let timestamp = Timestamp(
            seconds: Int64(record.ts.tv_sec), nanoseconds: hasNanoseconds ? fraction : fraction &* 1_000)
        return PacketHeader(
            number: PacketNumber(count), timestamp: timestamp, linkType: linkType,
            originalLength: max(Int(record.caplen), Int(record.len)))
    }

    /// Waits until a packet may be there, the time is over, or a signal arrives; or until something can be read from one of
    /// `descriptors`.
    public func wait(milliseconds: Int, besides descriptors: [Int32] = []) {
        var limit = Int32(clamping: max(milliseconds, 0))
        // Devices without a descriptor to wait for are to be asked again after this time.
        if let longestWait { limit = min(limit, longestWait) }
        // poll(2) ignores negative descriptors, so that it only sleeps.
        var requests = ([descriptor] + descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&requests, nfds_t(requests.count), limit)
    }

    /// What was received and lost so far. Ask at least once in 4 billion packets: libpcap's counters have 32 bits.
    public mutating func statistics() -> LiveStatistics {
        var now = pcap_stat()
        guard pcap_stats(handle.pointer, &now) == 0 else { return counters }
        counters.received.advance(to: now.ps_recv)
        counters.droppedByKernel.advance(to: now.ps_drop)
        counters.droppedByInterface.advance(to: now.ps_ifdrop)
        return counters
    }

    private static func open(_ interface: String) throws(CaptureError) -> PcapHandle {
        var buffer = PcapErrorBuffer()
        guard let pointer = pcap_create(interface, &buffer.characters) else {
            throw CaptureError("cannot capture on \(interface): \(buffer.text)")
        }
        return PcapHandle(pointer)
    }

    private static func activate(
        _ handle: borrowing PcapHandle, _ interface: String, _ options: LiveOptions
    ) throws(CaptureError) -> String? {
        let pointer = handle.pointer
        // Before activation these fail only where the device does not know the option; it then keeps its default.
        pcap_set_snaplen(pointer, Int32(clamping: options.snapshotLength))
        pcap_set_promisc(pointer, options.promiscuous ? 1 : 0)
        pcap_set_immediate_mode(pointer, options.immediate ? 1 : 0)
        pcap_set_timeout(pointer, 10)
        pcap_set_buffer_size(pointer, Int32(clamping: options.bufferSize))
        pcap_set_tstamp_precision(pointer, PCAP_TSTAMP_PRECISION_NANO)
        let status = pcap_activate(pointer)
        guard status >= 0 else {
            throw CaptureError(interface: interface, status: status, reason: handle.errorText)
        }
        guard status > 0 else { return nil }
        let reason = handle.errorText
        return reason.isEmpty ? String(cString: pcap_statustostr(status)) : reason
    }

    private static func install(_ filter: String, on handle: borrowing PcapHandle) throws(CaptureError) {
        do throws(FilterSyntaxError) {
            let program = try FilterProgram(filter, for: handle)
            guard program.install(on: handle) else { throw FilterSyntaxError(reason: handle.errorText) }
        } catch {
            throw CaptureError("the filter \"\(filter)\" is not valid: \(error.reason)")
        }
    }
}

extension UInt64 {
    /// Moves on by what a 32-bit counter, which wraps around, has counted since.
    fileprivate mutating func advance(to counter: UInt32) {
        self &+= UInt64(counter &- UInt32(truncatingIfNeeded: self))
    }
}
