import TapSources
import TapTestSupport
import Testing

@Suite("a capture file")
struct CaptureFileTests {
    @Test("gives its packets, numbered from 1", arguments: CaptureSample.all)
    func packets(of sample: CaptureSample) throws {
        let file = try TemporaryFile(sample.file.bytes)
        let capture = ReadCapture(path: file.path)
        #expect(capture.packets == sample.file.packets)
        #expect(capture.numbers == (0..<UInt64(sample.file.packets.count)).map { $0 + 1 })
        #expect(capture.error == nil)
    }

    @Test(
        "cut anywhere gives the packets before the cut and says where the broken record begins",
        arguments: CaptureSample.all)
    func cut(_ sample: CaptureSample) throws {
        let builder = sample.file
        let file = try TemporaryFile()
        // A block of 100,000 bytes is not cut at each of them.
        let step = builder.bytes.count > 10_000 ? 997 : 1
        for end in stride(from: 0, to: builder.bytes.count, by: step) {
            try file.replace(Array(builder.bytes[..<end]))
            let capture = ReadCapture(path: file.path)
            let whole = builder.recordEnds.lastIndex { $0 <= end }
            let begin = whole.map { builder.recordEnds[$0] } ?? 0
            #expect(capture.packets == Array(builder.packets[..<(whole.map { builder.packetsBefore[$0] } ?? 0)]))
            switch end {
            case 0: #expect(capture.error?.description == "\(file.path): empty: not a capture file")
            case ..<4:
                let words = "not a capture file (neither pcap nor pcapng nor snoop)"
                #expect(capture.error?.description.hasSuffix(words) == true)
            case begin: #expect(capture.error == nil)
            case _:
                #expect(capture.error?.offset == UInt64(begin))
                #expect(capture.error?.description.contains("cut off in the middle of ") == true)
            }
        }
    }

    @Test("gives the same packets whatever the buffer holds at a time", arguments: CaptureSample.all)
    func buffers(_ sample: CaptureSample) throws {
        let file = try TemporaryFile(sample.file.bytes)
        for bufferSize in [0, 1, 2, 3, 7, 16, 40, 41, 100] {
            let capture = ReadCapture(path: file.path, bufferSize: bufferSize)
            #expect(capture.packets == sample.file.packets)
            #expect(capture.error == nil)
        }
    }

    @Test("tells how much of it is read")
    func progress() throws {
        let builder = CaptureBuilder.pcap().with { $0.record(PacketRecord(0, [1, 2, 3]), tick: 1_000) }
        let path = try TemporaryFile(builder.bytes)
        var file = try CaptureFile(path: path.path)
        let size = file.size
        let positions = [file.position, try file.next().map { _ in file.position }, file.position]
        #expect(size == 43)
        #expect(positions == [24, 43, 43])
        let end = try file.next()
        #expect(end == nil)
    }

    @Test("that is damaged gives nothing after the error")
    func afterError() throws {
        let builder = CaptureBuilder.pcap().with {
            $0.record(seconds: 0, fraction: 0, lengths: (.max, .max), as: PacketRecord(0, []))
            $0.record(PacketRecord(0, [1]), tick: 1_000)
        }
        let path = try TemporaryFile(builder.bytes)
        var file = try CaptureFile(path: path.path)
        #expect(throws: CaptureError.self) { _ = try file.next() }
        let after = try file.next()
        #expect(after == nil)
    }

    @Test("takes no more memory than it has bytes, whatever a length in it says")
    func memory() throws {
        let file = try TemporaryFile([UInt8](repeating: 0, count: 1_000))
        var input = try InputBuffer(path: file.path, capacity: 64)
        let isThere = try input.fill(CaptureLimits.recordLength)
        let capacity = input.capacity
        #expect(!isThere)
        #expect(capacity < 4_096)
    }

    @Test("may have more interfaces than 65,536, and a packet on the last")
    func manyInterfaces() throws {
        let file = CaptureBuilder.pcapng().with { file in
            for index in 0..<70_000 { file.interface(linkType: index == 69_999 ? 113 : 1) }
            let packet = PacketRecord(1_000, linkType: 113, [1, 2, 3])
            file.enhancedPacket(interface: 69_999, ticks: 1, as: packet)
        }
        let path = try TemporaryFile(file.bytes)
        let capture = ReadCapture(path: path.path)
        #expect(capture.packets == file.packets && capture.error == nil)
    }
}
