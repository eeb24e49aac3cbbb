import ArgumentParser
import TapSources

/// One limit of the files of a ring, as dumpcap has them: `filesize:1000`, `duration:1h`, `files:10`.
enum RingArgument: Equatable {
    case bytes(UInt64)
    /// In nanoseconds.
    case duration(Int64)
    case files(Int)

    /// Whether it says when the next file begins.
    var beginsFiles: Bool {
        switch self {
        case .bytes, .duration: true
        case .files: false
        }
    }

    private static let bytes: [(String, Double)] = [("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)]
    private static let seconds: [(String, Double)] = [
        ("ms", 1e-3), ("s", 1), ("min", 60), ("m", 60), ("h", 3_600), ("d", 86_400),
    ]

    static func parse(_ text: String) throws -> RingArgument {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let (name, value) = parts.count == 2 ? (parts[0], parts[1]) : ("", text)
        switch name {
        case "filesize": if let bytes = size(value, plain: 1e3) { return .bytes(bytes) }
        case "duration": if let time = time(value, plain: 1) { return .duration(time) }
        case "files": if let count = Int(value), count > 0 { return .files(count) }
        case "":
            if let bytes = size(value, plain: nil) { return .bytes(bytes) }
            if let time = time(value, plain: nil) { return .duration(time) }
        default: break
        }
        throw ValidationError(
            "-b is filesize:N (kB), duration:N (seconds) or files:N, as in filesize:100MB or duration:1h")
    }

    static func limits(_ arguments: [RingArgument]) -> RingLimits {
        var limits = RingLimits()
        for argument in arguments {
            switch argument {
            case .bytes(let bytes): limits.bytes = bytes
            case .duration(let time): limits.duration = time
            case .files(let count): limits.files = count
            }
        }
        return limits
    }

    private static func size(_ text: String, plain: Double?) -> UInt64? {
        number(text, bytes, plain: plain).flatMap { $0 >= 1 && $0 <= 1e15 ? UInt64($0) : nil }
    }

    private static func time(_ text: String, plain: Double?) -> Int64? {
        number(text, seconds, plain: plain).flatMap { $0 > 0 && $0 <= 1e9 ? Int64($0 * 1e9) : nil }
    }

    /// A number with one of the units, or without any.
    private static func number(_ text: String, _ units: [(String, Double)], plain: Double?) -> Double? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit = text[digits.endIndex...]
        guard let value = Double(digits) else { return nil }
        if unit.isEmpty { return plain.map { value * $0 } }
        return units.first { $0.0.lowercased() == unit.lowercased() }.map { value * $0.1 }
    }
}
