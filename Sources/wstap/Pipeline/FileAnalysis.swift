import ArgumentParser
import TapAnalysis
import TapCore
import TapSources

/// Runs capture files through a pipeline, with progress on the terminal.
struct FileAnalysis {
    let paths: [String]
    let filter: String?
    /// Key logs that grow while packets come from a program.
    let logs: KeyLogFiles?
    /// Whether a large file may be read on a thread of its own.
    let readsAhead: Bool
    /// Whether the analysis is divided among threads; `nil` where that depends on what there is to do.
    let divides: Bool?
    /// Whether the files are a part of a capture, whose connections others compare with those of the rest.
    var isPart = false
    /// What keeps the latest packets, where somebody may want them.
    var recent: RecentPackets?
    /// Whether nothing is told of what cannot be read, because the files are read a second time.
    var isQuiet = false

    /// Analyzes every packet; what cannot be read is told on standard error.
    /// - Returns: the totals, and whether every input was read to its end.
    func run(_ pipeline: inout Pipeline) throws -> (summary: Summary, isComplete: Bool) {
        var filter = try CaptureFilter.checked(filter)
        var files = CaptureFiles(paths: paths, batchSize: readsAhead ? CaptureLimits.batch : nil)
        guard !files.isEmpty else { throw try fail(files.errors, pipeline) }
        noteUndivided(hasFilter: filter != nil, areShards: files.areShards, pipeline.options)
        if files.areShards {
            pipeline.begin(CaptureOrigin(places: files.places, labels: files.labels, shards: files.shards))
        }
        if filter == nil, isWorthDividing(files, pipeline.options),
            let divided = try DividedAnalysis(&files, pipeline.options)
        {
            return try run(divided, &pipeline, Progress(size: files.size), files.errors)
        }
        var progress = Progress(size: files.size)
        var hasRead = false
        if logs == nil, !files.mayHoldSecrets { pipeline.endSecrets() }
        while let packet = files.next() {
            hasRead = true
            if let logs { for secrets in logs.nextIfDue() { try pipeline.receive(secrets) } }
            if progress.isDue(), !pipeline.isOnScreen { progress.advance(to: files.position) }
            let isWanted = filter?.accepts(packet, files.bytes) ?? true
            if let recent, isWanted { recent.note(packet, files.bytes, of: nil) }
            guard files.isAnnotated else {
                if isWanted { try pipeline.receive(packet, files.bytes) }
                continue
            }
            try receive(files.secrets, &pipeline)
            for mark in files.marks { try pipeline.pass(mark) }
            if isWanted { try pipeline.receive(packet, files.bytes, of: files.process) }
            for comment in files.comments where isWanted || !comment.isOnPacket {
                try pipeline.note(comment)
            }
        }
        for comment in files.comments { try pipeline.note(comment) }
        try receive(files.secrets, &pipeline)
        for mark in files.marks { try pipeline.pass(mark) }
        for secrets in logs?.next(isLast: true) ?? [] { try pipeline.receive(secrets) }
        if !pipeline.isOnScreen { progress.clear() }
        guard hasRead || files.errors.isEmpty else { throw try fail(files.errors, pipeline) }
        let summary = try pipeline.finish(faults: files.errors)
        if !isQuiet { pipeline.noteRedaction() }
        return end(summary, files.errors, warnings: (filter?.errors ?? []) + files.warnings)
    }

    /// Takes secrets that stand in the capture, where it cannot be searched for them once the first is needed.
    private func receive(_ secrets: [CaptureSecrets], _ pipeline: inout Pipeline) throws {
        guard pipeline.options.tls.secretsMayCome else { return }
        for secrets in secrets {
            var bytes = secrets.bytes
            try pipeline.receive(TLSSecrets(wiping: &bytes, from: .capture))
        }
    }

    /// Ends a report of nothing: it would only hide why nothing could be read.
    private func fail(_ errors: [CaptureError], _ pipeline: borrowing Pipeline) throws -> ExitCode {
        try pipeline.fail(errors)
        for error in errors { StandardError.say(error.description) }
        return .unreadable
    }

    /// Whether several threads may analyze a file, and would be faster.
    private func isWorthDividing(_ files: borrowing CaptureFiles, _ options: AnalysisOptions) -> Bool {
        guard readsAhead, options.parts > 1, !files.areShards, !isPart, let size = files.size else { return false }
        if let divides { return divides }
        // It is tried on the file itself, which a pipe and standard input can be read for only once.
        guard paths.count == 1, let path = paths.first, path != "-" else { return false }
        return size >= AnalysisLoad.leastSize && AnalysisLoad.isHeavy(path, options)
    }

    /// Says so where threads that were asked for cannot be had.
    private func noteUndivided(hasFilter: Bool, areShards: Bool, _ options: AnalysisOptions) {
        guard divides == true, readsAhead, !isQuiet else { return }
        if options.parts == 1 {
            StandardError.say(
                "using one thread, since lowered limits on all connections are exact only there")
        } else if areShards {
            StandardError.say("using one thread: of shards, one process each may be started")
        } else if hasFilter {
            StandardError.say("using one thread, since a capture filter is applied there")
        }
    }

    /// Has several threads analyze.
    /// - Parameter errors: why other files could not be opened.
    private func run(
        _ divided: DividedAnalysis, _ pipeline: inout Pipeline, _ progress: consuming Progress, _ errors: [CaptureError]
    ) throws -> (summary: Summary, isComplete: Bool) {
        while let step = divided.next() {
            if progress.isDue(after: FileAnalysis.packetsOfStep), !pipeline.isOnScreen {
                progress.advance(to: divided.position)
            }
            switch step {
            case .observations:
                try pipeline.receive(divided.observations, since: divided.start ?? Timestamp(nanoseconds: 0))
            case .comments(let comments):
                for comment in comments { try pipeline.note(comment) }
            }
        }
        if !pipeline.isOnScreen { progress.clear() }
        let totals = divided.finish()
        let errors = errors + [divided.end?.error].compactMap(\.self)
        guard totals.packets > 0 || errors.isEmpty else { throw try fail(errors, pipeline) }
        let summary = try pipeline.finish(totals, faults: errors)
        if !isQuiet { pipeline.noteRedaction() }
        return end(summary, errors, warnings: divided.end?.warnings ?? [])
    }

    /// About how many packets one step of several threads is good for.
    private static let packetsOfStep: UInt64 = 1_024

    /// Tells of what could not be read.
    private func end(
        _ summary: Summary, _ errors: [CaptureError], warnings: [CaptureError]
    ) -> (summary: Summary, isComplete: Bool) {
        guard !isQuiet else { return (summary, errors.isEmpty) }
        for warning in warnings { StandardError.say(warning.description) }
        for error in errors { StandardError.say(error.description) }
        return (summary, errors.isEmpty)
    }
}
