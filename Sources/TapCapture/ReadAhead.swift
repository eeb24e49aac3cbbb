import Glibc

/// Reads a file on a thread of its own, a piece ahead of who takes them: copying out of the kernel's cache takes about as
/// long as half of the analysis.
///
/// Of a few buffers one is in use while the others are read into. Each has room before its piece, so that what is left of
/// the piece before can be put in front of it.
final class ReadAhead {
    /// How much may be left of a piece.
    static let room = 128 << 10
    /// Files that are shorter are not worth a thread.
    static let leastSize: UInt64 = 1 << 20

    private let reader: Reader
    private let thread: pthread_t
    private var next = 0
    /// Whether one of the buffers is in use.
    private var isInUse = false
    private var isOver = false

    /// Reads on where `file` stands; `nil` where there is no thread to be had, or no processor for it.
    /// - Parameter length: of each piece in bytes.
    init?(_ file: borrowing FileDescriptor, length: Int) {
        guard sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1, let file = try? file.duplicate() else { return nil }
        let reader = Reader(file, length: length)
        guard let thread = ReadAhead.begin(reader) else { return nil }
        self.reader = reader
        self.thread = thread
    }

    deinit { stop() }

    /// The buffer that holds the next piece and how long that is, `nil` at the file's end; the one before is given back.
    /// - Parameter rest: what is left of the piece before, no longer than ``room``; it is copied.
    func take(
        behind rest: UnsafeRawBufferPointer
    ) throws(SystemError) -> (buffer: UnsafeMutableRawBufferPointer, length: Int)? {
        guard !isOver else { return nil }
        reader.filled.wait()
        let buffer = reader.buffers[next]
        isOver = true
        let length = try reader.outcomes[next].get()
        guard length > 0 else { return nil }
        isOver = false
        UnsafeMutableRawBufferPointer(rebasing: buffer[(ReadAhead.room - rest.count)...]).copyMemory(from: rest)
        if isInUse { reader.free.signal() }
        isInUse = true
        next = (next + 1) % reader.buffers.count
        return (buffer, length)
    }

    /// Ends the thread; answers what it has read and nobody has taken.
    func finish() -> [UnsafeRawBufferPointer] {
        stop()
        var pieces: [UnsafeRawBufferPointer] = []
        while reader.filled.take() {
            if case .success(let length) = reader.outcomes[next] {
                pieces.append(UnsafeRawBufferPointer(rebasing: reader.buffers[next][ReadAhead.room...].prefix(length)))
            }
            next = (next + 1) % reader.buffers.count
        }
        return pieces
    }

    private func stop() {
        guard reader.stop() else { return }
        pthread_join(thread, nil)
    }

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
