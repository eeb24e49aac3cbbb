import Glibc

/// Holds what is written to standard error while a screen is drawn on the terminal, and writes it once this goes. Of very much the
/// first is kept.
struct HeldMessages: ~Copyable {
    /// Standard error as it was, and the ends of the pipe in its place; negative where nothing is held.
    private let original: Int32
    private let source: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        guard isatty(STDERR_FILENO) == 1, pipe(&ends) == 0 else {
            (original, source) = (-1, -1)
            return
        }
        original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
        source = ends[0]
        // Nobody reads it yet: who writes must not wait for that.
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        if original >= 0 { dup2(ends[1], STDERR_FILENO) }
        close(ends[1])
    }

    deinit {
        if original >= 0 {
            dup2(original, STDERR_FILENO)
            close(original)
        }
        guard source >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, write(STDERR_FILENO, buffer, count) == count else { break }
        }
        close(source)
    }
}
