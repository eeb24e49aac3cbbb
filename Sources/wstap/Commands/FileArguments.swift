import ArgumentParser
import TapAnalysis
import TapCore

/// The capture files that a command reads.
struct FileArguments: ParsableArguments {
    @Argument(
        help: """
            Capture files (pcap, pcapng, snoop), which may be compressed (gzip, zstd, lz4, xz, bzip2); “-” is standard input, a \
            directory stands for the captures in it. \
            Several files are one capture, in time order.
            """,
        completion: .file())
    var files: [String]

    @Option(
        name: [.customShort("f", allowingJoined: true), .long],
        help: ArgumentHelp("A pcap filter, as in “tcp port 8080”.", valueName: "bpf"))
    var captureFilter: String?

    @Option(
        help: """
            1: one thread does everything; more: reading, analyzing and writing go on side by side, where there are \
            processors for them; 4 and more: the analysis is always divided, too. What is written is the same. \
            (default: what is fastest for the capture)
            """)
    var threads: Int?

    func validate() throws {
        guard threads ?? 1 >= 1 else { throw ValidationError("there must be at least one thread") }
        guard files.filter({ $0 == "-" }).count <= 1 else {
            throw ValidationError("standard input can be read only once")
        }
    }

    /// - Parameter logs: key logs that grow while packets come.
    func analysis(following logs: KeyLogFiles?) -> FileAnalysis {
        FileAnalysis(
            paths: files, filter: captureFilter, logs: logs, readsAhead: isConcurrent,
            divides: threads.flatMap { $0 >= FileArguments.threadsOfDivided ? true : nil })
    }

    /// Opens the key logs; answers those that are to be followed.
    /// - Parameter capture: another one that is analyzed, too.
    func extend(
        _ options: inout AnalysisOptions, with tls: TLSArguments, also capture: String? = nil
    ) throws -> KeyLogFiles? {
        let captures = files.filter { $0 != "-" } + [capture].compactMap(\.self)
        return try tls.extend(&options, captures: captures, isFollowing: readsStandardInput, mayHold: true)
    }

    /// Two that analyze, one that puts in order what they observe, and one that writes.
    private static let threadsOfDivided = 4

    /// Whether more threads than one may work.
    var isConcurrent: Bool { threads != 1 && WorkerThread.isOfUse }

    /// Whether a program writes what is read into a pipe.
    var readsPipe: Bool { files.contains(where: InputPath.isPipe) }

    /// Ctrl-C goes to all programs of a pipeline: the first one ends those that write what is read, and is not for this program.
    func readOnWhenInterrupted() {
        if readsPipe { UnfinishedFiles().watch(readsOn: true) }
    }

    /// Whether packets may come one by one from a running program, so that rows must not wait for more.
    var readsStandardInput: Bool { files.contains("-") }
}
