import Synchronization
import TapThreads
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
        while true {
            let value = relay.take().value
            if value == 0 { return numbers }
            numbers.append(value)
        }
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

    @Test("a batch is not filled again before it was given back")
    func reuse() {
        let relay = RelayTests.relay(3)
        let isChanged = Atomic(false)
        let thread = WorkerThread {
            while true {
                let batch = relay.take()
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
