import Glibc

/// Notices Ctrl-C and a polite kill, without a signal handler. The second one ends the program at once.
struct StopSignal {
    /// From here on the signals wait until somebody asks for them.
    init() {
        var set = StopSignal.signals
        sigprocmask(SIG_BLOCK, &set, nil)
    }

    /// Whether a signal has come; from then on the next one has its usual effect.
    func hasCome() -> Bool {
        var pending = sigset_t()
        sigemptyset(&pending)
        sigpending(&pending)
        guard sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 else { return false }
        var set = StopSignal.signals
        var taken: Int32 = 0
        sigwait(&set, &taken)
        sigprocmask(SIG_UNBLOCK, &set, nil)
        return true
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }
}
