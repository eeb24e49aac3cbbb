import TapCore

/// Writes metrics as Prometheus and others read them.
struct MetricsText {
    private let form: MetricsForm
    private(set) var bytes: [UInt8] = []

    init(_ form: MetricsForm) { self.form = form }

    /// A row of counts that only grow.
    /// - Parameter rows: the labels of each, as in `verdict="valid"`, and its value.
    mutating func counter(_ name: String, _ help: String, _ rows: [(labels: [(String, String)], value: UInt64)]) {
        head(form == .openMetrics ? name : name + "_total", "counter", help)
        for row in rows { sample(name + "_total", row.labels, "\(row.value)") }
    }

    mutating func gauge(_ name: String, _ help: String, labels: [(String, String)] = [], _ value: Int) {
        head(name, "gauge", help)
        sample(name, labels, "\(value)")
    }

    /// What is always 1, for the sake of its labels.
    mutating func info(_ name: String, _ help: String, _ labels: [(String, String)]) {
        head(form == .openMetrics ? name : name + "_info", form == .openMetrics ? "info" : "gauge", help)
        sample(name + "_info", labels, "1")
    }

    /// - Parameter name: ends with the unit, `_seconds`.
    mutating func histogram(
        _ name: String, _ help: String, _ rows: [(labels: [(String, String)], histogram: Histogram)]
    ) {
        head(name, "histogram", help)
        for (labels, histogram) in rows {
            var below: UInt64 = 0
            for (index, count) in histogram.counts.enumerated() {
                below += count
                let limit =
                    index < Histogram.limits.count ? "\(Double(Histogram.limits[index]) / 1e6)" : "+Inf"
                sample(name + "_bucket", labels + [("le", limit)], "\(below)")
            }
            sample(name + "_count", labels, "\(histogram.count)")
            sample(name + "_sum", labels, "\(Double(histogram.sum) / 1e9)")
        }
    }

    mutating func end() { if form == .openMetrics { line("# EOF") } }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        line("# HELP \(name) \(help)")
        line("# TYPE \(name) \(type)")
        if form == .openMetrics, name.hasSuffix("_seconds") { line("# UNIT \(name) seconds") }
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let pairs = labels.map { "\($0.0)=\"\(MetricsText.escaped($0.1))\"" }
        line("\(name)\(pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") \(value)")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private mutating func line(_ text: String) {
        bytes += text.utf8
        bytes.append(UInt8(ascii: "\n"))
    }
}
