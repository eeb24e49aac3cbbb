import Synchronization
import TapCore
import Testing

@Suite("From one thread to another")
struct RelayTests {
    private final class Number {
        var value = 0
    }

    private static func relay(_ count: Int) -> Relay<Number> { Relay((0..<count).map { _ in Number() }) }

    /// Takes numbers up to a zero, and answers them.
    private static func numbers(of relay: Relay<Number>) -> [Int] {
        var numbers: [Int] = []
        while let value = relay.take()?.value, value != 0 { numbers.append(value) }
        return numbers
    }

    @Test("all batches come, and in order", arguments: [2, 3, 8])
    func order(count: Int) {
        let relay = RelayTests.relay(count)
        let received = Mutex<[Int]>([])
        let thread = WorkerThread { received.withLock { $0 = RelayTests.numbers(of: relay) } }
        for number in 1...10_000 {
            relay.current.value = number
            #expect(relay.handOver())
            if number % 777 == 0 { relay.drain() }
        }
        relay.current.value = 0
        relay.end()
        thread?.join()
        #expect(received.withLock { $0 } == Array(1...10_000))
    }

    @Test("who fills batches is told when nobody wants more", arguments: [0, 1, 5, 100])
    func stopped(after count: Int) {
        let relay = RelayTests.relay(4)
        let thread = WorkerThread {
            for _ in 0..<count { _ = relay.take() }
            relay.stop()
        }
        var handedOver = 0
        while relay.handOver() { handedOver += 1 }
        thread?.join()
        #expect(handedOver >= count - 1)
        #expect(!relay.handOver())
        relay.drain()
    }

    /// Fills batches with the numbers up to a limit, and then with a zero; only one thread at a time.
    private final class Source: @unchecked Sendable {
        let relay: Relay<Number>
        private var next = 1
        private let last: Int
        private let atOnce: Int

        init(_ relay: Relay<Number>, upTo last: Int, atOnce: Int) {
            (self.relay, self.last, self.atOnce) = (relay, last, atOnce)
        }

        func fill() {
            for _ in 0..<atOnce {
                relay.current.value = next <= last ? next : 0
                next += 1
                if relay.publish() > relay.batches.count - 2 || next > last + 1 { return }
            }
        }
    }

    @Test("threads that fill the batches themselves get them all, and in order", arguments: [3, 6, 9], [1, 3])
    func filledByTakers(count: Int, atOnce: Int) {
        let relay = Relay((0..<count).map { _ in Number() }, takers: 2)
        let source = Source(relay, upTo: 5_000, atOnce: atOnce)
        let received = Mutex<[Int]>([])
        let take: @Sendable (Int) -> [Int] = { taker in
            var numbers: [Int] = []
            while let value = relay.take(as: taker, upTo: { count - 2 }, fill: source.fill)?.value, value != 0 {
                numbers.append(value)
            }
            return numbers
        }
        let thread = WorkerThread { received.withLock { $0 = take(1) } }
        let own = take(0)
        thread?.join()
        #expect(own == Array(1...5_000))
        #expect(received.withLock { $0 } == Array(1...5_000))
    }

    @Test("several takers get every batch each")
    func shared() {
        let relay = Relay((0..<4).map { _ in Number() }, takers: 2)
        let received = Mutex<[[Int]]>([])
        let threads = (0..<2).map { taker in
            Joined {
                var numbers: [Int] = []
                while let value = relay.take(as: taker)?.value, value != 0 { numbers.append(value) }
                received.withLock { $0.append(numbers) }
            }
        }
        for number in 1...5_000 {
            relay.current.value = number
            #expect(relay.handOver())
        }
        relay.current.value = 0
        relay.end()
        for thread in threads { thread.join() }
        #expect(received.withLock { $0 } == [Array(1...5_000), Array(1...5_000)])
    }

    private final class Joined {
        private var thread: WorkerThread?

        init(_ body: @escaping @Sendable () -> Void) { thread = WorkerThread(body) }

        func join() { thread.take()?.join() }
    }

    @Test("a batch is not filled again before it was given back")
    func reuse() {
        let relay = RelayTests.relay(3)
        let isChanged = Atomic(false)
        let thread = WorkerThread {
            while let batch = relay.take() {
                let value = batch.value
                for _ in 0..<50 where batch.value != value { isChanged.store(true, ordering: .relaxed) }
                if value == 0 { return }
            }
        }
        for number in 1...5_000 {
            relay.current.value = number
            #expect(relay.handOver())
        }
        relay.current.value = 0
        relay.end()
        thread?.join()
        let hasChanged = isChanged.load(ordering: .relaxed)
        #expect(!hasChanged)
    }
}
