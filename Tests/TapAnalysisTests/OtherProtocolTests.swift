import Foundation
import TapAnalysis
import TapCore
import TapSources
import TapTestSupport
import Testing

/// The captures of `samples/others`: real traffic of protocols that are not WebSocket.
@Suite("Other protocols, from any packet on")
struct OtherProtocolTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("samples/others").path

    static let captures = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".pcap") }.sorted()

    /// A capture may begin anywhere; to try every place of the long ones would take minutes.
    private static let everyPlace = 60
    private static let placeStep = 17

    @Test("there are captures")
    func present() { #expect(OtherProtocolTests.captures.count >= 8) }

    @Test("are not taken for WebSocket, wherever a capture of them begins", arguments: captures)
    func beginnings(name: String) throws {
        let packets = try OtherProtocolTests.packets(of: name)
        for start in packets.indices
        where start < OtherProtocolTests.everyPlace || start % OtherProtocolTests.placeStep == 0 {
            expectNothing(in: packets[start...], "from packet \(start + 1) on")
        }
    }

    @Test("nor where it holds one direction only", arguments: captures)
    func directions(name: String) throws {
        let packets = try OtherProtocolTests.packets(of: name)
        for isUpwards in [true, false] {
            let side = packets.filter { packet in
                packet.segment.map { $0.0.source.port < $0.0.destination.port } == isUpwards
            }
            for start in side.indices
            where start < OtherProtocolTests.everyPlace || start % OtherProtocolTests.placeStep == 0 {
                expectNothing(in: side[start...], "\(isUpwards ? "up" : "down"), from packet \(start + 1) on")
            }
        }
    }

    private func expectNothing(in packets: ArraySlice<CapturedPacket>, _ place: Comment) {
        let observed = Observed(Array(packets))
        #expect(observed.summary.connections == 0 && observed.findings.isEmpty, place)
    }

    private static func packets(of name: String) throws -> [CapturedPacket] {
        var file = try CaptureFile(path: "\(folder)/\(name)")
        var packets: [CapturedPacket] = []
        while let header = try file.next() {
            let bytes = [UInt8](file.bytes)
            packets.append(
                CapturedPacket(
                    bytes, header.linkType, number: header.number.rawValue,
                    nanoseconds: header.timestamp.nanoseconds, originalLength: header.originalLength))
        }
        return packets
    }
}
