import TapCore
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "tells the distance, and saturates where it does not fit",
        arguments: [
            (5, 3, 2), (3, 5, -2), (0, 0, 0), (.max, .min, .max), (.min, .max, .min), (0, .min, .max),
            (-1, .max, .min), (-2, .max, .min), (.max, -1, .max), (.max, 0, .max), (.min, 0, .min), (.min, 1, .min),
        ] as [(Int64, Int64, Int64)])
    func since(later: Int64, earlier: Int64, distance: Int64) {
        #expect(Timestamp(nanoseconds: later).since(Timestamp(nanoseconds: earlier)) == distance)
    }

    @Test("orders by time, and packets by number")
    func order() {
        #expect(Timestamp(nanoseconds: -1) < Timestamp(nanoseconds: 0))
        #expect(PacketNumber(1) < PacketNumber(2))
        #expect(!(PacketNumber(2) < PacketNumber(2)))
    }
}
