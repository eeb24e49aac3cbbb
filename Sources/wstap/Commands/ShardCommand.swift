import ArgumentParser
import TapAnalysis
import TapCore
import TapReports
import TapSources

/// `wstap shard`
struct ShardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shard",
        abstract: "Divide captures by connections, for many machines or processes.",
        discussion: """
            Each connection is in one shard as a whole, with the numbers and files that its packets have now. A shard is a \
            pcapng file that any command reads.

            Examples:
              wstap shard ring_*.pcapng --shards 16 -o shards
              ssh host tcpdump -w - port 443 | wstap shard - --shards 4 -o shards --label site=ams1
              ls shards/shard-*.pcapng | xargs -P 4 -I % wstap export % --to ndjson -o %.ndjson
            """)

    @Argument(
        help: """
            Capture files (pcap, pcapng, snoop), which may be compressed (gzip, zstd, lz4, xz, bzip2); “-” is standard input, a \
            directory stands for the captures in it. \
            Several files are one capture, in time order.
            """,
        completion: .file())
    var files: [String]

    @Option(help: ArgumentHelp("How many shards.", valueName: "count"))
    var shards: Int

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder for them, and for the manifest. It must be new, or empty: it gets its name once all is in it.",
            valueName: "folder"),
        completion: .directory)
    var output: String

    @Option(
        help: ArgumentHelp(
            "What each record of the shards is to have as a label, as in “site=ams1”; may be repeated.",
            valueName: "key=value"))
    var label: [String] = []

    @OptionGroup(title: "TLS") var tls: TLSArguments

    /// Each shard is an open file, and has a buffer.
    private static let mostShards = 256
    /// What their buffers take together, in bytes, and at most each.
    private static let buffers = 16 << 20
    private static let largestBuffer = 256 << 10

    func validate() throws {
        guard (1...ShardCommand.mostShards).contains(shards) else {
            throw ValidationError("--shards: 1 to \(ShardCommand.mostShards)")
        }
        for text in label where CaptureLabel(text) == nil {
            throw ValidationError(
                "--label \(text): must be KEY=VALUE, with letters, digits, “_”, “-” and “.” in the key and "
                    + "\(CaptureLabel.longest) bytes at most in all")
        }
        let keys = labels.map(\.key)
        if let key = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
            throw ValidationError("--label \(key): stands there twice")
        }
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("standard input can be read only once")
        }
        if let repeated = InputPath.repeated(in: files) {
            throw ValidationError("\(repeated.output) was given twice")
        }
    }

    private var labels: [CaptureLabel] { label.compactMap(CaptureLabel.init) }

    func run() throws {
        let unfinished = UnfinishedFiles()
        unfinished.watch(readsOn: files.contains(where: InputPath.isPipe))
        let errors = try Failure.translate { try shard(among: unfinished) }
        guard errors.isEmpty else { throw ExitCode.unreadable }
    }

    /// - Returns: what could not be read.
    private func shard(among unfinished: UnfinishedFiles) throws -> [CaptureError] {
        let folder = try ShardFolder(output, among: unfinished)
        var options = AnalysisOptions()
        let isStream = files.contains("-")
        _ = try tls.extend(&options, captures: files.filter { $0 != "-" }, isFollowing: false)
        options.tls.secretsMayCome = isStream
        var input = CaptureFiles(paths: files, batchSize: CaptureLimits.batch, takesBesides: true)
        guard !input.isEmpty else { return told(input.errors) }
        if input.mayHoldSecrets { input.readAsAsked() }
        let first = input.next()
        let run = run(of: input, first)
        let names = (0..<shards).map { "shard-\(padded($0)).pcapng" }
        let size = min(ShardCommand.largestBuffer, ShardCommand.buffers / shards)
        var writers: [ShardWriter] = []
        for (number, name) in names.enumerated() {
            let section = ShardSection(run: run, shard: number, count: shards, labels: labels, isCarried: false)
            let descriptor = try folder.make(name)
            writers.append(
                try ShardWriter(
                    adopting: descriptor, named: "\(output)/\(name)", section, bufferSize: size, limit: .max))
        }
        var capture = ShardedCapture(.evenly(shards), to: writers, options)
        try capture.read(&input, from: first, upTo: PacketNumber(.max))
        try capture.finish(input)
        let manifest = capture.manifest(
            of: input, names, run: run, labels: labels, version: Wstap.configuration.version)
        guard first != nil || input.errors.isEmpty else { return told(input.errors) }
        try write(manifest, to: folder)
        try folder.publish()
        for warning in input.warnings { StandardError.say(warning.description) }
        return told(input.errors)
    }

    private func told(_ errors: [CaptureError]) -> [CaptureError] {
        for error in errors { StandardError.say(error.description) }
        return errors
    }

    /// - Parameter first: the first packet, if there is one.
    private func run(of input: borrowing CaptureFiles, _ first: PacketHeader?) -> UInt64 {
        var run = ShardRun()
        if let first {
            run.note(UInt64(bitPattern: first.timestamp.nanoseconds))
            run.note(input.bytes)
        }
        run.note(UInt64(shards))
        for label in label { run.note(label) }
        for path in input.paths { run.note(path) }
        return run.value
    }

    /// So that names have the order of numbers.
    private func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }

    private func write(_ manifest: ShardManifest, to folder: ShardFolder) throws {
        var output = Output(
            writing: try folder.make(ShardManifest.fileName), named: "\(output)/\(ShardManifest.fileName)")
        JSONWriter.append(to: &output.buffer) { $0.write(manifest) }
        try output.finish()
    }
}
