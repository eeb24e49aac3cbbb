import TapCore
import TapSecurity

/// How packets are protected. RFC 9001 §2.1.
enum QUICLevel: Int, Sendable {
    case initial, early, handshake, application

    /// Early data share numbers with what comes after the handshake. RFC 9000 §12.3.
    var space: Int { self == .early ? QUICLevel.application.rawValue : rawValue }
}

/// What is known of one direction of a connection.
struct QUICHalf {
    /// By level.
    var keys = InlineArray<4, QUICKeys?>(repeating: nil)
    /// The keys before an update, for packets that come late.
    var earlierKey: RecordKey?
    var keyPhase = false
    /// The highest number by space.
    var highest = InlineArray<4, UInt64?>(repeating: nil)
    /// The handshake, by level.
    var crypto = InlineArray<3, QUICReassembly>(repeating: QUICReassembly())
    var messages = InlineArray<3, HandshakeReader>(repeating: HandshakeReader())
    /// By which its receiver is addressed.
    var receiverIDs: [QUICConnectionID] = []
    /// How long such an ID is, where only a packet that opened tells.
    var idLength: Int?
    /// Packets with data that were opened, and all that were not.
    var packetsRead = 0
    var packetsUnread = 0
    var numbers = QUICNumberSet()
    /// Packets that their receiver has, and the capture has not, the lowest number first; and since when that is known.
    private(set) var missing: [(number: UInt64, since: Timestamp)] = []
    /// Streams of which bytes are missing before others that came.
    var gapped: Set<UInt64> = []

    /// The lowest ones are forgotten where there are more.
    static let mostMissing = 64

    /// Its receiver has packets that did not come, the highest first; answers whether that was not known of each.
    mutating func note(missing received: [UInt64], at time: Timestamp) -> Bool {
        var isNew = false
        for number in received {
            let place = missing.firstIndex { $0.number >= number } ?? missing.count
            if place < missing.count, missing[place].number == number { continue }
            guard missing.count < QUICHalf.mostMissing || place > 0 else { break }
            missing.insert((number, time), at: place)
            if missing.count > QUICHalf.mostMissing { missing.removeFirst() }
            isNew = true
        }
        return isNew
    }

    /// Forgets what came after all.
    mutating func updateMissing() {
        if !missing.isEmpty { missing.removeAll { numbers.contains($0.number) } }
    }
}

/// The numbers of packets that came: as ranges, of which the lowest are forgotten.
struct QUICNumberSet {
    private var ranges: [ClosedRange<UInt64>] = []
    /// Nothing is known of lower numbers.
    private var floor: UInt64 = 0

    private static let mostRanges = 64

    mutating func insert(_ number: UInt64) {
        guard number >= floor else { return }
        if let last = ranges.last, last.upperBound < .max, number == last.upperBound + 1 {
            ranges[ranges.count - 1] = last.lowerBound...number
            return
        }
        var place = ranges.count
        while place > 0, ranges[place - 1].lowerBound > number { place -= 1 }
        if place > 0, ranges[place - 1].upperBound >= number { return }
        ranges.insert(number...number, at: place)
        if place + 1 < ranges.count, ranges[place + 1].lowerBound == number + 1 {
            ranges[place] = number...ranges[place + 1].upperBound
            ranges.remove(at: place + 1)
        }
        if place > 0, ranges[place - 1].upperBound + 1 == number {
            ranges[place - 1] = ranges[place - 1].lowerBound...ranges[place].upperBound
            ranges.remove(at: place)
        }
        if ranges.count > QUICNumberSet.mostRanges {
            let dropped = ranges.removeFirst()
            floor = dropped.upperBound + 1
        }
    }

    /// Whether numbers lie between those that came.
    var hasGaps: Bool { ranges.count > 1 || floor > 0 }

    /// Whether all came up to the highest.
    var isWhole: Bool { ranges.count == 1 && ranges[0].lowerBound == 0 && floor == 0 }

    func contains(_ number: UInt64) -> Bool { number < floor || ranges.contains { $0.contains(number) } }

    /// Numbers of a range that did not come, where they may have: the highest ones, the highest first.
    func missing(in range: ClosedRange<UInt64>, most: Int) -> [UInt64] {
        guard let first = ranges.first else { return [] }
        // What was sent before the capture began is no hole in it.
        let lowest = max(range.lowerBound, first.lowerBound, floor)
        var found: [UInt64] = []
        var number = range.upperBound
        for known in ranges.reversed() where known.lowerBound <= number {
            while number > known.upperBound, number >= lowest, found.count < most {
                found.append(number)
                number -= 1
            }
            guard found.count < most, known.lowerBound > lowest else { return found }
            number = known.lowerBound - 1
        }
        return found
    }

    /// How many numbers of a range did not come.
    func countMissing(in range: Range<UInt64>) -> UInt64 {
        var count = UInt64(range.count)
        for known in ranges where known.upperBound >= range.lowerBound && known.lowerBound < range.upperBound {
            count -= min(known.upperBound, range.upperBound - 1) - max(known.lowerBound, range.lowerBound) + 1
        }
        return count
    }
}
