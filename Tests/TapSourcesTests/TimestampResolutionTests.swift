import TapSources
import Testing

@Suite("an interface's resolution")
struct TimestampResolutionTests {
    struct Case: Sendable {
        let code: UInt8
        var offset: Int64 = 0
        let ticks: UInt64
        let nanoseconds: Int64
    }

    @Test(
        "turns ticks into nanoseconds, and saturates where they do not fit",
        arguments: [
            Case(code: 0, ticks: 3, nanoseconds: 3_000_000_000),
            Case(code: 3, ticks: 1_234, nanoseconds: 1_234_000_000),
            Case(code: 6, ticks: 1_700_000_000_123_456, nanoseconds: 1_700_000_000_123_456_000),
            Case(code: 9, ticks: 42, nanoseconds: 42),
            Case(code: 10, ticks: 129, nanoseconds: 12),
            Case(code: 12, ticks: 1_999, nanoseconds: 1),
            Case(code: 28, ticks: .max, nanoseconds: 1),
            Case(code: 29, ticks: .max, nanoseconds: 0),
            Case(code: 127, ticks: .max, nanoseconds: 0),
            Case(code: 0x80, ticks: 5, nanoseconds: 5_000_000_000),
            Case(code: 0x81, ticks: 3, nanoseconds: 1_500_000_000),
            Case(code: 0x80 | 32, ticks: 1 << 32 | 1 << 31, nanoseconds: 1_500_000_000),
            Case(code: 0x80 | 64, ticks: 1 << 63, nanoseconds: 500_000_000),
            Case(code: 0xFF, ticks: .max, nanoseconds: 0),
            Case(code: 6, ticks: .max, nanoseconds: .max),
            Case(code: 0, ticks: .max, nanoseconds: .max),
            Case(code: 0x80, ticks: .max, nanoseconds: .max),
            Case(code: 6, offset: 10, ticks: 1, nanoseconds: 10_000_001_000),
            Case(code: 6, offset: -10, ticks: 1, nanoseconds: -9_999_999_000),
            Case(code: 9, offset: .max, ticks: 1, nanoseconds: .max),
            Case(code: 9, offset: .min, ticks: 1, nanoseconds: .min + 1),
        ])
    func time(_ testCase: Case) {
        let resolution = TimestampResolution(code: testCase.code, offsetSeconds: testCase.offset)
        #expect(resolution.timestamp(ticks: testCase.ticks).nanoseconds == testCase.nanoseconds)
    }
}
