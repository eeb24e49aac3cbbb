import Foundation
import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("The latest packets")
struct RecentPacketsTests {
    private func header(_ number: UInt64, _ type: LinkType = .ethernet) -> PacketHeader {
        PacketHeader(
            number: PacketNumber(number), timestamp: Timestamp(nanoseconds: Int64(number) * 1_000), linkType: type,
            originalLength: 100)
    }

    private func written(_ packets: RecentPackets) throws -> (ReadCapture, gone: UInt64) {
        let file = try TemporaryFile([])
        try FileManager.default.removeItem(atPath: file.path)
        let (count, gone) = try packets.write(to: file.path)
        var source = CaptureFiles(paths: [file.path])
        let capture = ReadCapture(&source)
        #expect(capture.packets.count == count)
        return (capture, gone)
    }

    @Test("are a capture of their own, with an interface each")
    func all() throws {
        let packets = RecentPackets(limit: 1 << 20)
        for number in 1...5 {
            packets.note(
                header(UInt64(number), number == 3 ? .raw : .ethernet), [UInt8(number)].span.bytes,
                of: number < 3 ? "eth0" : "wg0")
        }
        let (capture, gone) = try written(packets)
        #expect(gone == 0 && capture.packets.map(\.bytes) == [[1], [2], [3], [4], [5]])
        #expect(capture.packets.map(\.linkType) == [1, 1, 101, 1, 1])
    }

    @Test("of too many the first go")
    func bound() throws {
        let packets = RecentPackets(limit: 3 << 20)
        let bytes = [UInt8](repeating: 7, count: 10_000)
        for number in 1...1_000 { packets.note(header(UInt64(number)), bytes.span.bytes, of: nil) }
        let (capture, gone) = try written(packets)
        #expect(gone > 600 && capture.packets.count > 200 && UInt64(capture.packets.count) + gone == 1_000)
        #expect(capture.packets.last?.nanoseconds == 1_000_000)
    }

    @Test("a file that is there is left as it is")
    func present() throws {
        let file = try TemporaryFile([1, 2, 3])
        let error = #expect(throws: CaptureError.self) { _ = try RecentPackets(limit: 1).write(to: file.path) }
        #expect(error?.description == "\(file.path): is there already")
    }
}
