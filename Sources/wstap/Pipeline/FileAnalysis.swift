import ArgumentParser
import TapAnalysis
import TapBytes
import TapCapture

/// Runs capture files through a pipeline, with progress on the terminal.
struct FileAnalysis {
    let paths: [String]
    let filter: String?
    /// Whether a large file may be read on a thread of its own.
    let readsAhead: Bool
    /// Whether nothing is told of what cannot be read, because the files are read a second time.
    var isQuiet = false

    /// Analyzes every packet; what cannot be read is told on standard error.
    /// - Returns: the totals, and whether every input was read to its end.
    func run(_ pipeline: inout Pipeline) throws -> (summary: Summary, isComplete: Bool) {
        var filter = try CaptureFilter.checked(filter)
        var files = CaptureFiles(paths: paths, batchSize: readsAhead ? CaptureLimits.batch : nil)
        // Where nothing can be read, a report of nothing would only hide why.
        guard !files.isEmpty else {
            for error in files.errors { StandardError.say(error.description) }
            throw ExitCode.unreadable
        }
        var progress = Progress(size: files.size)
        while let packet = files.next() {
            if progress.isDue(), !pipeline.isOnScreen { progress.advance(to: files.position) }
            let isWanted = filter?.accepts(packet, files.bytes) ?? true
            if isWanted { try pipeline.receive(packet, files.bytes) }
            guard !files.comments.isEmpty else { continue }
            for comment in files.comments where isWanted || !comment.isOnPacket {
                try pipeline.note(comment)
            }
        }
        for comment in files.comments { try pipeline.note(comment) }
        if !pipeline.isOnScreen { progress.clear() }
        let summary = try pipeline.finish()
        guard !isQuiet else { return (summary, files.errors.isEmpty) }
        for warning in filter?.errors ?? [] { StandardError.say(warning.description) }
        for error in files.errors { StandardError.say(error.description) }
        return (summary, files.errors.isEmpty)
    }
}
