import Glibc

/// Reads a file on a thread of its own, a few batches of packets ahead of who takes them, and decodes them there: both
/// take about as long as half of the analysis.
final class PacketsAhead {
    /// Files that are shorter are not worth a thread.
    static let leastSize: UInt64 = 1 << 20

    private let reader: Reader
    private let thread: pthread_t

    /// Reads on where `file` stands, and takes it; leaves it and answers `nil` where there is no thread to be had.
    /// - Parameter size: of each batch in bytes.
    init?(_ file: inout CaptureFile?, size: Int) {
        let reader = Reader(&file, size: size)
        guard let thread = PacketsAhead.begin(reader) else {
            file = reader.takeFile()
            return nil
        }
        self.reader = reader
        self.thread = thread
    }

    deinit {
        reader.queue.stop()
        pthread_join(thread, nil)
    }

    /// Whether reading ahead is of use: there is another processor for it.
    static var isOfUse: Bool { sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 }

    /// The next batch; the one before is given back. There is none after the one that has an ``PacketBatch/end``.
    func take() -> PacketBatch { reader.queue.take() }

    /// Signals are for the other threads.
    private static func begin(_ reader: Reader) -> pthread_t? {
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(reader)
        let code = pthread_create(
            &thread, nil,
            { @Sendable pointer in
                pointer.map { Unmanaged<Reader>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, retained.toOpaque())
        if code != 0 { retained.release() }
        return code == 0 ? thread : nil
    }
}
