package import TapCore

/// What a shard says of itself: which one of how many it is, and what it is a shard of.
package struct ShardSection: Equatable, Sendable {
    /// The same for all shards that one run of the program has made.
    package let run: UInt64
    /// From 0.
    package let shard: Int
    package let count: Int
    /// What its packets have in common, as where they were captured.
    package let labels: [CaptureLabel]
    /// Whether it holds the packets of connections that were open where a capture ended, for the analysis of what follows.
    package let isCarried: Bool

    package init(run: UInt64, shard: Int, count: Int, labels: [CaptureLabel], isCarried: Bool) {
        self.isCarried = isCarried
        self.run = run
        self.shard = shard
        self.count = count
        self.labels = labels
    }

    /// The option of a section header, of those that are set aside for local use.
    static let option: UInt16 = 0x8057
    private static let title = "wstap shard 1"

    /// A line for each of them.
    var text: String {
        let lines = [ShardSection.title, "run \(ShardSection.digits(run))", "shard \(shard)", "shards \(count)"]
        let rest = labels.map { "label \($0.key)=\($0.value)" } + (isCarried ? ["carried"] : [])
        return (lines + rest).map { $0 + "\n" }.joined()
    }

    /// How a run is named in texts.
    package static func digits(_ run: UInt64) -> String { ByteCursor.text(16) { $0.append(hex: run) } }

    /// - Returns: `nil` where it is somebody else's option.
    init?(text: RawSpan) {
        var lines = String(decoding: text).split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
        guard !lines.isEmpty, lines.removeFirst().joined(separator: " ") == ShardSection.title else { return nil }
        var (run, shard, count): (UInt64?, Int?, Int?)
        var labels: [CaptureLabel] = []
        let isCarried = lines.contains(["carried"])
        for line in lines where line.count == 2 {
            switch line[0] {
            case "run": run = UInt64(line[1], radix: 16)
            case "shard": shard = Int(line[1])
            case "shards": count = Int(line[1])
            case "label": if let label = CaptureLabel(String(line[1])) { labels.append(label) }
            case _: break
            }
        }
        guard let run, let shard, let count, (0..<max(count, 0)).contains(shard) else { return nil }
        self.init(run: run, shard: shard, count: count, labels: labels, isCarried: isCarried)
    }
}
