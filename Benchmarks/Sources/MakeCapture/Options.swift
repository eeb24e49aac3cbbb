/// What the command line asks for.
struct Options {
    static let usage = """
        usage: make-capture KIND SIZE OUT.pcap [--seed N] [--messages OUT]
          KIND  \(CaptureKind.allCases.map(\.rawValue).joined(separator: ", "))
          SIZE  about how long the file gets: 500MB, 64KiB, 1000000
          --messages  writes the compressed messages alone, too
        """

    let kind: CaptureKind
    let size: Int
    let path: String
    var seed: UInt64 = 1
    /// Where the compressed messages go; `nil` where nobody wants them.
    var messagesPath: String?

    init(_ arguments: [String]) throws(GeneratorError) {
        var positional = arguments
        if let flag = positional.firstIndex(of: "--seed") {
            guard flag + 1 < positional.count, let seed = UInt64(positional[flag + 1]) else {
                throw .usage("--seed wants a number\n\(Self.usage)")
            }
            self.seed = seed
            positional.removeSubrange(flag...flag + 1)
        }
        if let flag = positional.firstIndex(of: "--messages") {
            guard flag + 1 < positional.count else { throw .usage("--messages wants a file\n\(Self.usage)") }
            messagesPath = positional[flag + 1]
            positional.removeSubrange(flag...flag + 1)
        }
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
    }
}
