#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes a capture of WebSocket traffic, the same for the same arguments, and writes beside it what it holds.
@main
enum MakeCapture {
    static func main() {
        do throws(GeneratorError) {
            try run(Options(Array(CommandLine.arguments.dropFirst())))
        } catch {
            TextFile.report("make-capture: \(error)")
            exit(error.exitCode)
        }
    }

    private static func run(_ options: Options) throws(GeneratorError) {
        let scenario = options.kind.scenario(flows: options.flows, sizes: options.sizes)
        var wire = Wire(
            file: try PcapFile(path: options.path), seed: options.seed, longestPause: scenario.longestPause)
        if let path = options.messagesPath { wire.messages = try MessageFile(path: path) }
        if let tls = options.tls {
            wire.secure = try SecureLayer(
                tls.suite, recordSize: tls.recordSize, isStream: options.kind.isStream, seed: options.seed,
                keyLog: options.path + ".keys")
            if let path = tls.recordsPath { wire.secure?.records = try RecordFile(path: path, tls.suite) }
        }
        if let count = options.streams {
            wire.streams = StreamLayer(streams: count, port: options.kind.canBeSecured ? nil : 80)
        }
        scenario.run(size: options.size, in: &wire)
        try wire.file.finish()
        try wire.messages?.finish()
        try wire.secure?.finish()
        let truth = wire.truth.json(packets: wire.file.packets, capturedBytes: wire.file.capturedBytes)
        try TextFile.save(truth, to: options.path + ".truth.json")
    }
}
