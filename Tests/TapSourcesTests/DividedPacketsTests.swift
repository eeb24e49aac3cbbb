import Synchronization
import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("packets for several threads")
struct DividedPacketsTests {
    /// Every third packet is for both threads, the others by turns.
    private struct ByTurns: PacketSorting {
        mutating func part(of bytes: RawSpan, _ header: PacketHeader) -> Int? {
            switch header.number.rawValue % 3 {
            case 0: nil
            case 1: 0
            default: 1
            }
        }
    }

    /// What one thread saw.
    private struct Seen: Sendable {
        var packets: [PacketRecord] = []
        var numbers: [UInt64] = []
        /// The numbers of those that are for it.
        var own: [UInt64] = []
        var comments: [String] = []
        var error: CaptureError?
        var hasEnded = false
        var capturedLength: UInt64 = 0
    }

    /// - Parameter count: after how many packets the first thread wants no more.
    private static func read(_ path: String, batchSize: Int, stoppingAfter count: Int = .max) throws -> [Seen] {
        var files = CaptureFiles(paths: [path], batchSize: batchSize)
        let packets = files.divided(among: 2, by: ByTurns())
        let divided = try #require(packets)
        // Each has one of its own: a sanitizer sees that a thread is joined, but not what the library's locks do.
        let all = (0..<2).map { _ in SeenByThread() }
        let threads = (0..<2).map { [all] taker in
            Thread {
                let seen = take(divided, as: taker, stoppingAfter: taker == 0 ? count : .max)
                all[taker].value.withLock { $0 = seen }
            }
        }
        for thread in threads { thread.join() }
        divided.close()
        #expect(files.next() == nil)
        return all.map { $0.value.withLock { $0 } }
    }

    private final class SeenByThread: Sendable {
        let value = Mutex(Seen())
    }

    private final class Thread {
        private var thread: WorkerThread?

        init(_ body: @escaping @Sendable () -> Void) { thread = WorkerThread(body) }

        func join() { thread.take()?.join() }
    }

    private static func take(_ divided: DividedPackets, as taker: Int, stoppingAfter count: Int) -> Seen {
        var seen = Seen()
        while let batch = divided.next(for: taker) {
            let packets = batch.view
            for place in 0..<packets.count {
                let header = packets.header(at: place)
                let bytes = packets.withBytes(at: place) { bytes in [UInt8](bytes) }
                seen.packets.append(PacketRecord(header.timestamp.nanoseconds, bytes))
                seen.numbers.append(header.number.rawValue)
            }
            seen.own += batch.places[taker].map { packets.header(at: Int($0)).number.rawValue }
            seen.comments += batch.annotations.flatMap { $0.comments.map(\.shown) }
            seen.capturedLength += batch.totals.bytes
            if seen.packets.count >= count {
                divided.stop()
                return seen
            }
            guard let end = batch.end else { continue }
            seen.error = end.error
            seen.comments += end.comments.map(\.shown)
            seen.hasEnded = true
            return seen
        }
        return seen
    }

    @Test(
        "all threads get all packets, each knows its own, also where a record is longer than a batch",
        arguments: [1_000, 100_000, 200_000, 1_000_000], [4_096, 65_536, 262_144])
    func same(longest: Int, batchSize: Int) throws {
        let builder = PacketsAheadTests.capture(longest: longest)
        let file = try TemporaryFile(builder.bytes)
        let capturedLength = builder.packets.reduce(0) { $0 + UInt64($1.bytes.count) }
        for (taker, seen) in try DividedPacketsTests.read(file.path, batchSize: batchSize).enumerated() {
            #expect(seen.packets == builder.packets && seen.numbers == Array(1...3_000))
            let own = (1...3_000).filter { [0, taker + 1].contains($0 % 3) }.map { UInt64($0) }
            #expect(seen.own == own)
            #expect(seen.capturedLength == capturedLength)
            #expect(seen.hasEnded && seen.error == nil)
        }
    }

    @Test("of a file that is cut off they get what comes before, and all know why", arguments: [1, 7, 1_000, 300_000])
    func cut(from end: Int) throws {
        let bytes = PacketsAheadTests.capture(longest: 200_000).bytes
        let file = try TemporaryFile(Array(bytes[..<(bytes.count - end)]))
        let stepwise = ReadCapture(path: file.path)
        for seen in try DividedPacketsTests.read(file.path, batchSize: 65_536) {
            #expect(seen.packets == stepwise.packets && seen.hasEnded)
            #expect(seen.error != nil && seen.error == stepwise.error)
        }
    }

    @Test("comments come with their packets, and those at the end after the last", arguments: [0, 1_499, 2_999])
    func comments(on number: Int) throws {
        let file = try TemporaryFile(PacketsAheadTests.commented(on: number))
        for seen in try DividedPacketsTests.read(file.path, batchSize: 65_536) {
            #expect(seen.comments == ["packet \(number + 1): here", "statistics: over"])
        }
    }

    @Test("where one wants no more, the others are let go", arguments: [1, 500, 1_501])
    func stopped(after count: Int) throws {
        let file = try TemporaryFile(PacketsAheadTests.capture(longest: 200_000).bytes)
        let seen = try DividedPacketsTests.read(file.path, batchSize: 4_096, stoppingAfter: count)
        #expect(seen[0].packets.count >= count)
    }
}
