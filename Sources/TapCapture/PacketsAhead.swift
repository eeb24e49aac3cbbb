import TapThreads

/// Reads a file on a thread of its own, a few batches of packets ahead of who takes them: reading takes about as long as
/// half of the analysis.
final class PacketsAhead {
    /// Files that are shorter are not worth a thread.
    static let leastSize: UInt64 = 1 << 20

    private let reader: Reader
    private var thread: WorkerThread?

    /// Reads on where `file` stands, and takes it; leaves it and answers `nil` where there is no thread to be had.
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

    /// The next batch; the one before is given back. There is none after the one that has an ``PacketBatch/end``.
    func take() -> PacketBatch { reader.relay.take() }
}
