import TapCore
import TapSources
import Testing

@Suite("The order in which files are merged")
struct MergeOrderTests {
    @Test("is that of numbers, also where this turns out only once there are entries", arguments: [true, false])
    func byNumber(isKnownBefore: Bool) {
        var order = MergeOrder()
        order.isByNumber = isKnownBefore
        // Times and numbers go in opposite directions.
        for file in 0..<200 {
            let number = UInt64(1_000 - (file * 37) % 200)
            let header = PacketHeader(
                number: PacketNumber(number), timestamp: Timestamp(nanoseconds: Int64(2_000 - number)),
                linkType: .ethernet, originalLength: 1)
            order.insert(MergeOrder.Entry(header: header, file: file))
        }
        order.isByNumber = true
        var numbers: [UInt64] = []
        while let first = order.first {
            numbers.append(first.header.number.rawValue)
            order.replaceFirst(with: nil)
        }
        #expect(numbers.count == 200 && numbers == numbers.sorted())
    }
}
