import Glibc

/// Notices Ctrl-C, a polite kill and the end of the terminal, without a signal handler. The second one ends the program at once.
struct StopSignal {
    /// From here on the signals wait until somebody asks for them.
    init() {
        var set = StopSignal.signals
        sigaddset(&set, SIGUSR1)
        sigprocmask(SIG_BLOCK, &set, nil)
    }

    /// Whether a signal has come; from then on the next one has its usual effect.
    func hasCome() -> Bool {
        var pending = sigset_t()
        sigemptyset(&pending)
        sigpending(&pending)
        guard StopSignal.numbers.contains(where: { sigismember(&pending, $0) == 1 }) else { return false }
        var set = StopSignal.signals
        var taken: Int32 = 0
        sigwait(&set, &taken)
        sigprocmask(SIG_UNBLOCK, &set, nil)
        return true
    }

    /// Whether SIGUSR1 has come since, which asks for the totals so far.
    func hasAsked() -> Bool {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGUSR1)
        var time = timespec()
        return sigtimedwait(&set, nil, &time) == SIGUSR1
    }

    /// A signal that has come, and whether somebody sent it to this program alone; the terminal sends its signals to all programs
    /// that run in it.
    func take() -> (number: Int32, isSentToThis: Bool)? {
        var set = StopSignal.signals
        sigaddset(&set, SIGUSR1)
        var information = siginfo_t()
        var time = timespec()
        let number = sigtimedwait(&set, &information, &time)
        return number > 0 ? (number, information.si_code != SI_KERNEL) : nil
    }

    static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        return set
    }

    /// Who starts the program with nohup wants it to go on when the terminal is gone.
    private static var numbers: [Int32] {
        isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
    }

    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
