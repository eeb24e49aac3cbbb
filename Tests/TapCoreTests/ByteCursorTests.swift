import TapCore
import Testing

@Suite("Writing into reserved memory")
struct ByteCursorTests {
    /// Every number of digits, and every digit at every place.
    private static let numbers: [UInt64] = {
        var numbers = [0, .max] + [UInt64](10..<10_100)
        var power: UInt64 = 1
        for _ in 0..<20 {
            for digit: UInt64 in 1...9 {
                let (product, overflow) = power.multipliedReportingOverflow(by: digit)
                if !overflow { numbers += [product, product - 1] }
            }
            (power, _) = power.multipliedReportingOverflow(by: 10)
        }
        return numbers + (0..<1_000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    }()

    @Test("numbers are written as the standard library does")
    func decimal() {
        let wrong = ByteCursorTests.numbers.filter { number in
            ByteCursor.text(20) { $0.append(decimal: number) } != String(number)
        }
        #expect(wrong == [])
    }

    @Test("numbers of a width have zeros in front, and lose what does not fit", arguments: 1...20)
    func width(_ width: Int) {
        let wrong = ByteCursorTests.numbers.filter { number in
            let padded = String(repeating: "0", count: 20) + String(number)
            return ByteCursor.text(20) { $0.append(number, width: width) } != String(padded.suffix(width))
        }
        #expect(wrong == [])
    }

    @Test("nine digits are those of a width of nine")
    func nineDigits() {
        let wrong = ByteCursorTests.numbers.map { $0 % 1_000_000_000 }.filter { number in
            ByteCursor.text(9) { $0.append(nineDigits: number) } != ByteCursor.text(20) { $0.append(number, width: 9) }
        }
        #expect(wrong == [])
    }

    @Test("a key has eight digits in lower case")
    func hex() {
        let wrong = ByteCursorTests.numbers.map { UInt32(truncatingIfNeeded: $0) }.filter { key in
            let digits = String(key, radix: 16)
            let text = ByteCursor.text(8) { $0.append(hex: key) }
            return text != String(repeating: "0", count: 8 - digits.count) + digits
        }
        #expect(wrong == [])
    }
}
