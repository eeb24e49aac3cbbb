/// What the command line asks for.
struct Options {
    static let usage = """
        usage: make-capture KIND SIZE OUT.pcap [--seed N] [--flows N] [--sizes LEAST-MOST] [--messages OUT]
                            [--tls SUITE [--record-size BYTES] [--records OUT]] [--http2 STREAMS]
          KIND  \(CaptureKind.allCases.map(\.rawValue).joined(separator: ", "))
          SIZE  about how long the file gets: 500MB, 64KiB, 1000000
          --flows     how many flows it holds
          --sizes     how long messages, bodies or datagrams are: 14-290, 16KiB-1MiB
          --messages  writes the compressed messages alone, too
          --tls       puts the connections inside TLS: \(suites);
                      their secrets are in OUT.pcap.keys
          --record-size  the most bytes of content in a record, 200-16384 (default: 16384)
          --records   writes the records of application data alone, with their keys, too
          --http2     puts the connections of HTTP into streams of HTTP/2, so many on each connection
        """

    let kind: CaptureKind
    let size: Int
    let path: String
    var seed: UInt64 = 1
    /// How many flows the capture holds; `nil` for a number that suits its length.
    var flows: Int?
    /// How long messages, bodies or datagrams are; `nil` for what is usual for the kind.
    var sizes: ClosedRange<Int>?
    /// Where the compressed messages go; `nil` where nobody wants them.
    var messagesPath: String?

    /// How connections are put inside TLS; `nil` where they are in the clear.
    var tls: TLS?

    /// How many streams of HTTP/2 a connection has; `nil` for connections of HTTP/1.1.
    var streams: Int?

    struct TLS {
        static let recordSizes = 200...16_384
        /// Up to three messages share a segment, whose records must fit as well.
        static let longestMessage = 16_000

        let suite: TLSSuite
        let recordSize: Int
        let recordsPath: String?
    }

    init(_ arguments: [String]) throws(GeneratorError) {
        var positional = arguments
        let seed = try Self.value(of: "--seed", "a number", removedFrom: &positional) { UInt64($0) }
        let flows = try Self.value(of: "--flows", "a number", removedFrom: &positional) { Int($0) }
        let sizes = try Self.value(of: "--sizes", "two sizes like 14-290", removedFrom: &positional) { Self.range($0) }
        messagesPath = try Self.value(of: "--messages", "a file", removedFrom: &positional) { $0 }
        let suite = try Self.value(of: "--tls", "one of \(Self.suites)", removedFrom: &positional) {
            TLSSuite(rawValue: $0)
        }
        let recordSize = try Self.value(of: "--record-size", "a size", removedFrom: &positional) {
            ByteCount($0)?.bytes
        }
        let recordsPath = try Self.value(of: "--records", "a file", removedFrom: &positional) { $0 }
        streams = try Self.value(of: "--http2", "a number from 1 on", removedFrom: &positional) { text in
            Int(text).flatMap { $0 > 0 ? $0 : nil }
        }
        guard streams == nil || suite == nil else { throw .usage("--http2 does not go with --tls") }
        guard positional.count == 3 else { throw .usage(Self.usage) }
        guard let kind = CaptureKind(rawValue: positional[0]) else {
            throw .usage("unknown kind \(positional[0])\n\(Self.usage)")
        }
        guard let size = ByteCount(positional[1]) else {
            throw .usage("\(positional[1]) is no size\n\(Self.usage)")
        }
        self.kind = kind
        self.size = size.bytes
        path = positional[2]
        if let seed { self.seed = seed }
        if let sizes { self.sizes = try Self.checked(sizes: sizes, of: kind) }
        if let flows {
            let mostFlows = size.bytes / max(1, kind.smallestFlow(sizes: sizes))
            self.flows = try Self.checked(flows: flows, of: kind, mostFlows: mostFlows)
        }
        guard messagesPath == nil || kind.compresses else {
            throw .usage("--messages does not go with \(kind.rawValue): its messages are not compressed")
        }
        tls = try Self.tls(suite, recordSize: recordSize, recordsPath: recordsPath, kind, sizes)
    }

    private static var suites: String { TLSSuite.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func tls(
        _ suite: TLSSuite?, recordSize: Int?, recordsPath: String?, _ kind: CaptureKind, _ sizes: ClosedRange<Int>?
    ) throws(GeneratorError) -> TLS? {
        guard let suite else {
            guard recordSize == nil, recordsPath == nil else {
                throw .usage("--record-size and --records go with --tls only")
            }
            return nil
        }
        guard kind.canBeSecured else { throw .usage("--tls does not go with \(kind.rawValue)") }
        guard kind.isStream || sizes.map({ $0.upperBound <= TLS.longestMessage }) ?? true else {
            throw .usage("--sizes of \(kind.rawValue) must not exceed \(TLS.longestMessage) with --tls")
        }
        let recordSize = recordSize ?? TLS.recordSizes.upperBound
        guard TLS.recordSizes.contains(recordSize) else {
            throw .usage(
                "--record-size must lie between \(TLS.recordSizes.lowerBound) and \(TLS.recordSizes.upperBound)")
        }
        return TLS(suite: suite, recordSize: recordSize, recordsPath: recordsPath)
    }

    /// The value that follows a flag, if the flag is there; both are removed.
    private static func value<Value>(
        of flag: String, _ wanted: String, removedFrom arguments: inout [String], read: (String) -> Value?
    ) throws(GeneratorError) -> Value? {
        guard let index = arguments.firstIndex(of: flag) else { return nil }
        guard index + 1 < arguments.count, let value = read(arguments[index + 1]) else {
            throw .usage("\(flag) wants \(wanted)\n\(usage)")
        }
        arguments.removeSubrange(index...index + 1)
        return value
    }

    /// Reads a range like `14-290` or `16KiB-1MiB`, or returns `nil`.
    private static func range(_ text: String) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let least = ByteCount(String(parts[0])), let most = ByteCount(String(parts[1])),
            least.bytes <= most.bytes
        else { return nil }
        return least.bytes...most.bytes
    }

    private static func checked(flows: Int, of kind: CaptureKind, mostFlows: Int) throws(GeneratorError) -> Int {
        guard let fewest = kind.fewestFlows else {
            throw .usage("--flows does not go with \(kind.rawValue): SIZE decides how many connections it holds")
        }
        guard flows >= fewest else { throw .usage("--flows of \(kind.rawValue) must be at least \(fewest)") }
        guard flows <= mostFlows else {
            throw .usage("--flows \(flows) does not fit: that SIZE has room for \(mostFlows) flows of \(kind.rawValue)")
        }
        return flows
    }

    private static func checked(
        sizes: ClosedRange<Int>, of kind: CaptureKind
    ) throws(GeneratorError) -> ClosedRange<Int> {
        let possible = kind.possibleSizes
        guard possible.contains(sizes.lowerBound), possible.contains(sizes.upperBound) else {
            throw .usage(
                "--sizes of \(kind.rawValue) must lie between \(possible.lowerBound) and \(possible.upperBound)")
        }
        return sizes
    }
}
