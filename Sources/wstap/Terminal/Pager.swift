import Glibc

/// A running program that shows page by page what is written to it. When this goes, it waits until that program has ended.
final class Pager {
    private let stream: UnsafeMutablePointer<FILE>
    /// What Ctrl-C did before.
    private let interruption: (@convention(c) (Int32) -> Void)?

    init(_ command: PagerCommand) throws(OutputError) {
        // For `less` that was asked for without options; colours would be shown as codes.
        setenv("LESS", "FRX", 0)
        // What this program ignores its children would ignore as well.
        signal(SIGPIPE, SIG_DFL)
        // What waits for this program's signals takes them from its children as well.
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        let opened = popen(command.line, "we")
        let code = errno
        pthread_sigmask(SIG_SETMASK, &before, nil)
        signal(SIGPIPE, SIG_IGN)
        guard let opened else { throw .failed(command.line, code) }
        stream = opened
        // Ctrl-C is for the pager. To end before it does would leave it alone with a terminal that the shell has back.
        interruption = signal(SIGINT, SIG_IGN)
    }

    deinit {
        pclose(stream)
        signal(SIGINT, interruption)
    }

    /// Where to write what it is to show.
    var descriptor: Int32 { fileno(stream) }
}
