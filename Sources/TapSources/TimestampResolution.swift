package import TapCore

/// How an interface of a pcapng file counts time: its tick and the second it starts from.
///
/// Times outside what ``Timestamp`` holds (the years 1677 to 2262) become its first or last value.
package struct TimestampResolution: Hashable {
    private enum Scale: Hashable {
        case multiply(UInt64)
        case divide(UInt64)
        case divideByPowerOfTwo(Int)
    }

    private let scale: Scale
    private let offset: Int64

    package static let microseconds = TimestampResolution()

    /// `code` is the value of `if_tsresol`: a negative power of 10, or of 2 where the top bit is set.
    package init(code: UInt8 = 6, offsetSeconds: Int64 = 0) {
        let exponent = Int(code & 0x7F)
        scale =
            switch exponent {
            case _ where code & 0x80 != 0: .divideByPowerOfTwo(exponent)
            case ...9: .multiply(TimestampResolution.powerOfTen(9 - exponent))
            case ...28: .divide(TimestampResolution.powerOfTen(exponent - 9))
            // 2⁶⁴ of these ticks are less than a nanosecond.
            default: .multiply(0)
            }
        offset = Timestamp(seconds: offsetSeconds).nanoseconds
    }

    package func timestamp(ticks: UInt64) -> Timestamp {
        let nanoseconds =
            switch scale {
            case .multiply(let factor):
                TimestampResolution.saturatingProduct(ticks, factor)
            case .divide(let divisor):
                ticks / divisor
            case .divideByPowerOfTwo(let exponent):
                UInt64(clamping: (UInt128(ticks) * 1_000_000_000) >> UInt128(exponent))
            }
        let (sum, overflow) = Int64(clamping: nanoseconds).addingReportingOverflow(offset)
        return Timestamp(nanoseconds: overflow ? (offset < 0 ? .min : .max) : sum)
    }

    private static func saturatingProduct(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }

    private static func powerOfTen(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}

extension Timestamp {
    /// Saturates where the nanoseconds do not fit.
    init(seconds: Int64, nanoseconds: Int64 = 0) {
        let (scaled, scaleOverflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflow) = scaled.addingReportingOverflow(nanoseconds)
        self.init(nanoseconds: scaleOverflow || sumOverflow ? (seconds < 0 ? .min : .max) : sum)
    }
}
