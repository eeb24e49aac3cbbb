import TapCore

/// Reads a file on a thread of its own, a few batches of packets ahead of who takes them: reading takes about as long as
/// half of the analysis.
final class PacketsAhead {
    /// Files that are shorter are not worth a thread.
    static let leastSize: UInt64 = 1 << 20

    /// Packets of one batch that are there without a further question.
    struct Ready {
        let batch: PacketBatch
        /// Their places in the batch.
        let places: Range<Int>
        /// What comes with them; then there is only one.
        var comments: [CaptureComment] = []
        var process: CapturedProcess?
    }

    private let reader: Reader
    private var thread: WorkerThread?
    /// The batch that packets are taken from.
    private var batch: PacketBatch?
    /// To how many of its packets it was given what comes with them.
    private var annotationsGiven = 0

    /// Reads on where `file` stands, and takes it; leaves it and answers `nil` where no thread can be created.
    /// - Parameter size: of each batch in bytes.
    init?(_ file: inout CaptureFile?, size: Int) {
        let reader = Reader(&file, size: size)
        self.reader = reader
        thread = WorkerThread { reader.run() }
        guard thread != nil else {
            file = reader.takeFile()
            return nil
        }
    }

    deinit {
        reader.relay.stop()
        thread.take()?.join()
    }

    /// What ended the file, once all packets were taken.
    var end: CaptureFileEnd? { batch?.end }

    /// The packets from a place of the current batch on, or if there are none there those of the next; `nil` at the end.
    func ready(from place: Int) -> Ready? {
        var place = place
        while true {
            if let batch, place < batch.count { return ready(in: batch, from: place) }
            guard end == nil else { return nil }
            batch = reader.relay.take()
            guard batch != nil else { return nil }
            (place, annotationsGiven) = (0, 0)
        }
    }

    private func ready(in batch: PacketBatch, from place: Int) -> Ready {
        guard annotationsGiven < batch.annotations.count else {
            return Ready(batch: batch, places: place..<batch.count)
        }
        let next = batch.annotations[annotationsGiven]
        guard place == next.place else { return Ready(batch: batch, places: place..<next.place) }
        annotationsGiven += 1
        return Ready(batch: batch, places: place..<place + 1, comments: next.comments, process: next.process)
    }
}
