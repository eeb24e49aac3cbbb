package import TapCore

/// The next packet of each of several files, the earliest first; of equal times that of the file named first.
///
/// A binary heap: with files that follow one another in time, each packet costs two comparisons.
package struct MergeOrder {
    package struct Entry {
        package var header: PacketHeader
        package let file: Int

        package init(header: PacketHeader, file: Int) {
            self.header = header
            self.file = file
        }
    }

    /// Whether their numbers are those of one capture, so that these are the order.
    package var isByNumber = false { didSet { if isByNumber != oldValue { rebuild() } } }
    private var heap: [Entry] = []

    package init() {}

    package var first: Entry? { heap.first }

    package mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var index = heap.count - 1
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func rebuild() {
        let entries = heap
        heap.removeAll(keepingCapacity: true)
        for entry in entries { insert(entry) }
    }

    /// Puts the file's following packet in the place of its first one; without one, the file is done.
    package mutating func replaceFirst(with header: PacketHeader?) {
        if let header {
            heap[0].header = header
        } else {
            heap.swapAt(0, heap.count - 1)
            heap.removeLast()
        }
        settleFirst()
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        let (left, right) = (heap[one], heap[other])
        guard !isByNumber else { return left.header.number < right.header.number }
        return (left.header.timestamp, left.file) < (right.header.timestamp, right.file)
    }

    private mutating func settleFirst() {
        guard heap.count > 1 else { return }
        var index = 0
        while let child = earlierChild(of: index), precedes(child, index) {
            heap.swapAt(index, child)
            index = child
        }
    }

    private func earlierChild(of index: Int) -> Int? {
        let (left, right) = (2 * index + 1, 2 * index + 2)
        if right < heap.count { return precedes(right, left) ? right : left }
        return left < heap.count ? left : nil
    }
}
