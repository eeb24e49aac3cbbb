import TapCore
import Testing

@Suite("ByteReader")
struct ByteReaderTests {
    static let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09]

    @Test("reads integers in network byte order, one after the other")
    func order() {
        var reader = ByteReader(Self.bytes.span.bytes)
        let values = [
            reader.read(UInt8.self).map(UInt64.init), reader.read(UInt16.self).map(UInt64.init),
            reader.read(UInt32.self).map(UInt64.init),
        ]
        #expect(values == [0x01, 0x0203, 0x0405_0607])
        let (offset, remaining) = (reader.offset, reader.remaining)
        #expect(offset == 7)
        #expect(remaining == 2)
    }

    @Test("a read that does not fit answers nil and moves nothing", arguments: 0...bytes.count)
    func failedRead(start: Int) {
        func check<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type) {
            var reader = ByteReader(Self.bytes.span.bytes, at: start)
            let value = reader.read(Integer.self)
            let offset = reader.offset
            let width = Integer.bitWidth / 8
            #expect((value != nil) == (start + width <= Self.bytes.count))
            #expect(offset == (value == nil ? start : start + width))
        }
        check(UInt8.self)
        check(UInt16.self)
        check(UInt32.self)
        check(UInt64.self)
    }

    @Test(
        "skips what is there, and stays where there is less",
        arguments: [(0, true), (1, true), (9, true), (10, false), (-1, false), (Int.max, false), (Int.min, false)])
    func skip(count: Int, succeeds: Bool) {
        var reader = ByteReader(Self.bytes.span.bytes)
        let answer = reader.skip(count)
        let offset = reader.offset
        #expect(answer == succeeds)
        #expect(offset == (succeeds ? count : 0))
    }

    @Test("begins inside the bytes, whatever offset it is given", arguments: [(-5, 0), (4, 4), (9, 9), (100, 9)])
    func start(given: Int, offset: Int) {
        let reader = ByteReader(Self.bytes.span.bytes, at: given)
        let actual = reader.offset
        #expect(actual == offset)
    }

    @Test("parts of a span end where the span does", arguments: [-1, 0, 1, 5, 9, 10, Int.max])
    func parts(count: Int) {
        let kept = min(max(count, 0), 9)
        let first = Self.bytes.span.bytes.upTo(count).byteCount
        let rest = Self.bytes.span.bytes.from(count).byteCount
        #expect(first == kept)
        #expect(rest == 9 - kept)
    }

    @Test("integers at an offset are in network byte order; a word is as it lies in memory")
    func integers() {
        let values = [
            UInt64(Self.bytes.span.bytes.uint8(at: 8)), UInt64(Self.bytes.span.bytes.uint16(at: 7)),
            UInt64(Self.bytes.span.bytes.uint32(at: 5)), Self.bytes.span.bytes.uint64(at: 1),
            UInt64(bigEndian: Self.bytes.span.bytes.word(at: 1)),
        ]
        #expect(values == [0x09, 0x0809, 0x0607_0809, 0x0203_0405_0607_0809, 0x0203_0405_0607_0809])
    }
}
