import ArgumentParser
import Glibc
import TapAnalysis
import TapCore
import TapSources

/// Runs a capture through a pipeline that goes on where another capture ended, and keeps what yet another one needs to go on.
///
/// What is kept are the packets of the connections that have not ended, with their numbers. They come first in the next run, which so has the
/// state that one run over everything would have then; what is observed of them was told before.
struct CarriedAnalysis {
    let paths: [String]
    let carried: CarriedCaptures
    let unfinished: UnfinishedFiles

    /// Where the packets end that were told before.
    private struct Place {
        var number: UInt64 = 0
        var time: Timestamp?

        mutating func note(_ packet: PacketHeader) {
            guard packet.number.rawValue > number else { return }
            (number, time) = (packet.number.rawValue, packet.timestamp)
        }
    }

    /// Analyzes every packet; what cannot be read is told on standard error.
    /// - Returns: whether every input was read to its end.
    func run(_ pipeline: inout Pipeline) throws -> Bool {
        var former = try openFormer()
        var files = CaptureFiles(paths: paths, batchSize: nil)
        guard !files.isEmpty else { throw try fail(files.errors, pipeline) }
        guard !files.areShards else { throw CaptureError("\(paths[0]): of shards nothing is carried on") }
        if !files.mayHoldSecrets, !former.mayHoldSecrets { pipeline.endSecrets() }
        let before = try replay(&former, &pipeline)
        files.former = (before.number, 1)
        var last = before
        var progress = Progress(size: files.size)
        while let packet = files.next() {
            if last.number == before.number { try check(packet, follows: before) }
            if progress.isDue() { progress.advance(to: files.position) }
            last.note(packet)
            try pipeline.receive(packet, files.bytes, of: files.process)
            for comment in files.comments { try pipeline.note(comment) }
        }
        for comment in files.comments { try pipeline.note(comment) }
        progress.clear()
        guard last.number > before.number || files.errors.isEmpty else { throw try fail(files.errors, pipeline) }
        _ =
            try keep(pipeline.openSpreads, upTo: last.number, after: before.number, pipeline.options)
            ? pipeline.handOn(faults: files.errors) : pipeline.finish(faults: files.errors)
        pipeline.noteRedaction()
        for problem in files.warnings + files.errors { StandardError.say(problem.description) }
        return files.errors.isEmpty
    }

    private func openFormer() throws -> CaptureFiles {
        let former = CaptureFiles(paths: [carried.former].compactMap(\.self), batchSize: nil)
        if let error = former.errors.first { throw error }
        if let path = carried.former, !former.isCarried {
            throw CaptureError("\(path): --carry-to did not write it", path: path)
        }
        return former
    }

    /// Reads what was kept of the captures before; returns where they ended.
    private func replay(_ former: inout CaptureFiles, _ pipeline: inout Pipeline) throws -> Place {
        var place = Place()
        pipeline.beginFormer()
        while let packet = former.next() {
            for mark in former.marks {
                place.note(mark)
                try pipeline.pass(mark)
            }
            place.note(packet)
            try pipeline.receive(packet, former.bytes, of: former.process)
        }
        for mark in former.marks {
            place.note(mark)
            try pipeline.pass(mark)
        }
        if let error = former.errors.first { throw error }
        try pipeline.endFormer()
        return place
    }

    /// Captures of one ring follow one another; those of a clock that was set may do so by a little less.
    private func check(_ packet: PacketHeader, follows before: Place) throws(CaptureError) {
        guard let time = before.time, time.since(packet.timestamp) > 1_000_000_000 else { return }
        throw CaptureError("\(paths[0]): begins before the capture ends that \(carried.former ?? "") is of")
    }

    /// Ends a report of nothing.
    private func fail(_ errors: [CaptureError], _ pipeline: borrowing Pipeline) throws -> ExitCode {
        try pipeline.fail(errors)
        for error in errors { StandardError.say(error.description) }
        return .unreadable
    }

    // MARK: What is kept

    /// Keeps the packets of connections for the next run, where one is to follow; returns whether that will go on with them.
    /// - Parameters:
    ///   - last: the last packet that was analyzed: a file may have grown since.
    ///   - before: the last one of the captures before.
    private func keep(
        _ spreads: Set<UInt64>, upTo last: UInt64, after before: UInt64, _ analysis: AnalysisOptions
    ) throws -> Bool {
        guard let path = carried.next else { return false }
        if try write(spreads, to: path, upTo: last, after: before, analysis) { return true }
        StandardError.say(
            "\(path): what is open takes more than \(carried.limit) bytes (--max-carried): it is told to have ended here"
        )
        _ = try write([], to: path, upTo: last, after: before, analysis)
        return false
    }

    /// - Returns: whether there was room.
    private func write(
        _ spreads: Set<UInt64>, to path: String, upTo last: UInt64, after before: UInt64, _ analysis: AnalysisOptions
    ) throws -> Bool {
        let file = try OutputFile(path, mode: FileMode.private.rawValue, among: unfinished)
        let kept = try writer(dup(file.descriptor), path, limit: spreads.isEmpty ? .max : UInt64(carried.limit))
        let rest = try writer(open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null", limit: 0)
        var capture = ShardedCapture(.chosen(spreads), to: [kept, rest], analysis)
        var former = CaptureFiles(paths: [carried.former].compactMap(\.self), batchSize: nil, takesBesides: true)
        let first = former.next()
        try capture.read(&former, from: first, upTo: PacketNumber(.max))
        try capture.pass(former)
        var files = CaptureFiles(paths: paths, batchSize: nil, takesBesides: true)
        files.former = (before, 1)
        let next = files.next()
        try capture.read(&files, from: next, upTo: PacketNumber(last))
        try capture.finish(files)
        guard !kept.isFull else { return false }
        try file.publish()
        return true
    }

    private func writer(_ descriptor: Int32, _ path: String, limit: UInt64) throws -> ShardWriter {
        guard descriptor >= 0 else { throw OutputError.failed(path, errno) }
        let section = ShardSection(run: 0, shard: 0, count: 1, labels: [], isCarried: true)
        return try ShardWriter(
            adopting: descriptor, named: path, section, bufferSize: CaptureLimits.defaultBuffer, limit: limit)
    }
}
