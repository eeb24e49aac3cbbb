import TapCore
import TapReports
import Testing

@Suite("Times in the same second")
struct SecondTextTests {
    private func text(_ second: inout SecondText, _ time: Timestamp) -> String {
        var bytes: [UInt8] = []
        ByteCursor.append(TimeText.lengthRFC3339 + ByteCursor.slack, to: &bytes) { second.append(time, to: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("what is kept gives what is found out anew, whichever time comes after which")
    func twin() {
        let seconds: [Int64] = [0, 1, -1, -2, 1_795_168_800, 1_795_168_799, 1_795_168_800, 951_782_400, 951_868_799]
        let nanoseconds: [Int64] = [0, 1, 999_999_999, 123_456_789, 5]
        let times =
            seconds.flatMap { second in nanoseconds.map { second * 1_000_000_000 + $0 } } + [.min, .max, .min, 0]
        var second = SecondText()
        for nanoseconds in times + times.reversed() {
            let time = Timestamp(nanoseconds: nanoseconds)
            #expect(text(&second, time) == TimeText.rfc3339(time))
        }
    }
}
