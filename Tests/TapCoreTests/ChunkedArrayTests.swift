import TapCore
import Testing

@Suite("An array in chunks")
struct ChunkedArrayTests {
    /// Tells when it goes.
    private final class Element {
        let number: Int
        private let alive: Counter

        init(_ number: Int, _ alive: Counter) {
            self.number = number
            self.alive = alive
            alive.count += 1
        }

        deinit { alive.count -= 1 }
    }

    private final class Counter {
        var count = 0
    }

    // About a chunk, and several times as many as there is room for chunks at first.
    @Test("has what was appended, in place", arguments: [0, 1, 1_023, 1_024, 1_025, 20_000])
    func appended(count: Int) {
        var array = ChunkedArray<Int>()
        for number in 0..<count { array.append(number) }
        #expect(array.count == count)
        for number in 0..<count { array[number] += count }
        #expect((0..<count).allSatisfy { array[$0] == $0 + count })
        for number in (0..<count).reversed() { #expect(array.popLast() == number + count) }
        #expect(array.popLast() == nil && array.count == 0)
    }

    @Test("keeps its elements as long as they are in it", arguments: [1, 1_024, 5_000])
    func lifetimes(count: Int) {
        let alive = Counter()
        do {
            var array = ChunkedArray<Element>()
            for number in 0..<count { array.append(Element(number, alive)) }
            #expect(alive.count == count)
            array[count / 2] = Element(-1, alive)
            #expect(alive.count == count && array[count / 2].number == -1)
            #expect(array.popLast() != nil && alive.count == count - 1)
            // Over the end of a chunk and back.
            for number in 0..<3 { array.append(Element(number, alive)) }
            for _ in 0..<3 { _ = array.popLast() }
            #expect(alive.count == count - 1)
        }
        #expect(alive.count == 0)
    }
}
