import Glibc
import TapSources
import TapTestSupport
import Testing

/// Whether packets on loopback may be captured here.
private let captureIsAllowed = (try? LiveCapture(interface: "lo")) != nil

@Suite("a live capture")
struct LiveCaptureTests {
    /// A socket on loopback that sends datagrams to itself.
    private struct Datagrams {
        let port: UInt16
        private let descriptor: Int32
        private var address = sockaddr_in()

        init() throws {
            descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            try #require(descriptor >= 0)
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            let bound = withUnsafeMutableBytes(of: &address) {
                let address = $0.assumingMemoryBound(to: sockaddr.self).baseAddress
                return bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
            try #require(bound)
            port = UInt16(bigEndian: address.sin_port)
        }

        func send(_ payload: [UInt8]) {
            let sent = withUnsafeBytes(of: address) {
                sendto(
                    descriptor, payload, payload.count, 0, $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
                    socklen_t($0.count))
            }
            #expect(sent == payload.count)
        }

        func end() { close(descriptor) }
    }

    @Test(
        "gives each datagram on loopback once, with the time of now",
        .enabled(if: captureIsAllowed, "capturing needs CAP_NET_RAW"), arguments: [true, false])
    func datagrams(immediate: Bool) throws {
        let datagrams = try Datagrams()
        defer { datagrams.end() }
        var options = LiveOptions()
        options.filter = "udp port \(datagrams.port)"
        options.immediate = immediate
        var capture = try LiveCapture(interface: "lo", options: options)
        let nothing = try capture.next()
        #expect(nothing == nil)
        let began = time(nil)
        for byte in 1...UInt8(20) { datagrams.send([byte, byte]) }

        var packets: [PacketRecord] = []
        var numbers: [UInt64] = []
        while packets.count < 20, time(nil) < began + 30 {
            capture.wait(milliseconds: 1_000)
            while let header = try capture.next() {
                packets.append(PacketRecord(header, capture.bytes))
                numbers.append(header.number.rawValue)
            }
        }
        // Ethernet, IPv4 and UDP have 42 bytes.
        #expect(packets.map { Array($0.bytes.dropFirst(42)) } == (1...20).map { [$0, $0] })
        #expect(packets.allSatisfy { $0.linkType == 1 && $0.originalLength == 44 })
        #expect(packets.allSatisfy { abs($0.nanoseconds / 1_000_000_000 - Int64(began)) < 60 })
        #expect(numbers == (1...20).map { UInt64($0) })
        let statistics = capture.statistics()
        #expect(statistics.received >= 20)
        #expect(statistics.droppedByKernel == 0)
    }

    @Test("of all interfaces gives loopback too", .enabled(if: captureIsAllowed, "capturing needs CAP_NET_RAW"))
    func any() throws {
        let datagrams = try Datagrams()
        defer { datagrams.end() }
        var options = LiveOptions()
        options.filter = "udp port \(datagrams.port)"
        var capture = try LiveCapture(interface: "any", options: options)
        datagrams.send([1, 2, 3])
        let began = time(nil)
        var payload: [UInt8] = []
        while payload.isEmpty, time(nil) < began + 30 {
            capture.wait(milliseconds: 1_000)
            if let header = try capture.next() { payload = PacketRecord(header, capture.bytes).bytes.suffix(3) }
        }
        #expect(payload == [1, 2, 3])
        let linkType = capture.linkType.rawValue
        #expect(linkType == 113 || linkType == 276)
    }

    @Test(
        "waits as long as asked where nothing comes",
        .enabled(if: captureIsAllowed, "capturing needs CAP_NET_RAW"), .timeLimit(.minutes(1)))
    func wait() throws {
        var options = LiveOptions()
        options.filter = "udp port 1 and udp port 2"
        var capture = try LiveCapture(interface: "lo", options: options)
        let clock = ContinuousClock()
        var waited: ContinuousClock.Duration
        var tries = 0
        // Packets that came before the filter was set end a wait, though the filter then leaves them out.
        repeat {
            let began = clock.now
            capture.wait(milliseconds: 50)
            waited = began.duration(to: clock.now)
            tries += 1
            let packet = try capture.next()
            #expect(packet == nil)
        } while waited < .milliseconds(49) && tries < 1_000
        #expect(waited >= .milliseconds(49))
    }

    @Test(
        "waits no longer than until a packet is there",
        .enabled(if: captureIsAllowed, "capturing needs CAP_NET_RAW"), .timeLimit(.minutes(1)))
    func awaited() throws {
        let datagrams = try Datagrams()
        defer { datagrams.end() }
        var options = LiveOptions()
        options.filter = "udp port \(datagrams.port)"
        options.immediate = true
        var capture = try LiveCapture(interface: "lo", options: options)
        datagrams.send([1])
        capture.wait(milliseconds: 120_000)
        let packet = try capture.next()
        #expect(packet != nil)
    }

    @Test("of an interface that is not there lists those that are, and the likeliest")
    func noInterface() {
        let error = #expect(throws: CaptureError.self) { _ = try LiveCapture(interface: "lp") }
        #expect(error?.description.hasPrefix("there is no interface lp: did you mean lo? (there are: ") == true)
        let strange = #expect(throws: CaptureError.self) { _ = try LiveCapture(interface: "nothing-like-it") }
        #expect(strange?.description.hasPrefix("there is no interface nothing-like-it (there are: ") == true)
    }

    @Test("with a filter that is not valid is refused", .enabled(if: captureIsAllowed, "capturing needs CAP_NET_RAW"))
    func filter() {
        var options = LiveOptions()
        options.filter = "tcp prot 80"
        let error = #expect(throws: CaptureError.self) { _ = try LiveCapture(interface: "lo", options: options) }
        #expect(error?.description.hasPrefix("the filter \"tcp prot 80\" is not valid: ") == true)
    }

    @Test("without the right to it names the remedy", .enabled(if: geteuid() == 0, "needs root, to give it up"))
    func permission() async {
        await #expect(processExitsWith: .success) {
            guard setgid(65_534) == 0, setuid(65_534) == 0 else { exit(2) }
            let loopback = try NetworkInterface.all().first { $0.name == "lo" }
            let begin =
                "no permission to capture on lo: run with sudo, or grant CAP_NET_RAW once: "
                + "sudo setcap cap_net_raw,cap_net_admin+ep /"
            exit(loopback?.captureObstacle()?.description.hasPrefix(begin) == true ? 0 : 3)
        }
    }
}
