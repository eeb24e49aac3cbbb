import Glibc
import TapCore
import TapSources

/// Standard input for a reader that waits for it, and that somebody may want to end: what comes is passed on through a pipe, which
/// ends where this is told to.
final class PassedInput: Sendable {
    /// What wakes the thread that passes it on: the end of a pipe.
    private let bell: Int32

    /// From here on standard input is the pipe.
    init() throws(CaptureError) {
        var (ends, bells): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        let source = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        guard source >= 0, pipe(&ends) == 0, pipe(&bells) == 0, dup2(ends[0], STDIN_FILENO) >= 0 else {
            throw CaptureError("standard input: \(String(cString: strerror(errno)))")
        }
        close(ends[0])
        for descriptor in [ends[1]] + bells { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        self.bell = bells[1]
        let (sink, bell) = (ends[1], bells[0])
        guard WorkerThread({ PassedInput.pass(from: source, to: sink, until: bell) }) != nil else {
            throw CaptureError("standard input: \(String(cString: strerror(errno)))")
        }
    }

    /// No more is passed on: the reader sees the end of its input.
    func end() {
        var one: UInt8 = 1
        _ = write(bell, &one, 1)
    }

    private static func pass(from source: Int32, to sink: Int32, until bell: Int32) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        defer { close(sink) }
        while isReady(source, Int16(POLLIN), unless: bell) {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                return
            }
            var written = 0
            while written < count {
                guard isReady(sink, Int16(POLLOUT), unless: bell) else { return }
                // As much as there is room for: who waits here could not be woken.
                let passed = buffer[written..<min(count, written + Int(PIPE_BUF))].withUnsafeBytes {
                    Glibc.write(sink, $0.baseAddress, $0.count)
                }
                guard passed > 0 || errno == EINTR else { return }
                written += max(passed, 0)
            }
        }
    }

    /// Waits for a descriptor; `false` where the bell rings.
    private static func isReady(_ descriptor: Int32, _ events: Int16, unless bell: Int32) -> Bool {
        while true {
            var requests = [
                pollfd(fd: descriptor, events: events, revents: 0), pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&requests, 2, -1)
            if count < 0, errno == EINTR { continue }
            return count > 0 && requests[1].revents == 0
        }
    }
}
