/// A size like `500MB`, `64KiB` or `1000000`.
struct ByteCount {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
        ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1),
    ]

    let bytes: Int

    init?(_ text: String) {
        guard let unit = Self.units.first(where: { text.hasSuffix($0.suffix) }),
            let number = Int(text.dropLast(unit.suffix.count)), number > 0,
            case let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes), !overflow
        else { return nil }
        self.bytes = bytes
    }
}
