import Glibc

/// A whole terminal to draw on and to read keys from. What was on it before comes back when this goes, and so does the
/// way in which the terminal read its keys.
struct Screen: ~Copyable {
    /// Where keys come from; negative where nobody can press one.
    let keyboard: Int32
    private let opensKeyboard: Bool
    private var before: termios?
    private var size = (width: 0, height: 0)
    private let messages = HeldMessages()

    /// The other buffer, without a cursor. xterm, "The Alternate Screen Buffer".
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave = "\u{1B}[?25h\u{1B}[?1049l"
    private static let home = "\u{1B}[H"
    private static let clearScreen = "\u{1B}[2J"
    private static let clearLine = Array("\u{1B}[K".utf8)
    private static let clearBelow = "\u{1B}[J"

    static var isThere: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Takes the terminal at standard output. Keys come from standard input, where that is a terminal, else from the terminal that
    /// the program was started from.
    init() throws(OutputError) {
        let isInput = isatty(STDIN_FILENO) == 1
        opensKeyboard = !isInput
        keyboard = isInput ? STDIN_FILENO : open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        // A stop that somebody sends comes when there is time for it; so does what quits with a core.
        var signals = Screen.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        try take()
    }

    deinit {
        release()
        if opensKeyboard, keyboard >= 0 { close(keyboard) }
        var signals = Screen.signals
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTSTP)
        sigaddset(&signals, SIGQUIT)
        return signals
    }

    private mutating func take() throws(OutputError) {
        var settings = termios()
        if keyboard >= 0, tcgetattr(keyboard, &settings) == 0 {
            before = settings
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
            // To be stopped or to dump core with the screen taken would leave it so. Ctrl-C stays a signal.
            withUnsafeMutableBytes(of: &settings.c_cc) { characters in
                characters[Int(VSUSP)] = 0
                characters[Int(VQUIT)] = 0
                characters[Int(VMIN)] = 0
                characters[Int(VTIME)] = 0
            }
            tcsetattr(keyboard, TCSANOW, &settings)
        }
        // All is to be drawn anew.
        size = (0, 0)
        try Screen.write(Array(Screen.enter.utf8))
    }

    private borrowing func release() {
        try? Screen.write(Array(Screen.leave.utf8))
        guard var before else { return }
        tcsetattr(keyboard, TCSANOW, &before)
    }

    /// Gives the terminal back, and stops this program and those that run with it until they are to go on.
    mutating func suspend() throws(OutputError) {
        release()
        var stop = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &stop, nil)
        kill(0, SIGTSTP)
        pthread_sigmask(SIG_BLOCK, &stop, nil)
        try take()
    }

    /// A signal that has come and concerns the screen: to stop, or to quit.
    func signal() -> Int32? {
        var signals = Screen.signals
        var time = timespec()
        let number = sigtimedwait(&signals, nil, &time)
        return number > 0 ? number : nil
    }

    /// What keys have sent since the last time; `nil` where nobody can press one any more.
    func keys() -> [UInt8]? {
        guard before != nil else { return [] }
        var pending = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
        guard poll(&pending, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(keyboard, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    /// How many columns and rows there are now.
    mutating func measure() -> (width: Int, height: Int, hasChanged: Bool) {
        var window = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 0 && window.ws_row > 0
        let found = isKnown ? (width: Int(window.ws_col), height: Int(window.ws_row)) : (width: 80, height: 24)
        defer { size = found }
        return (found.width, found.height, found != size)
    }

    /// Draws lines over what was there.
    func draw(_ lines: [UInt8], isAnew: Bool) throws(OutputError) {
        var bytes = Array((isAnew ? Screen.clearScreen : "").utf8) + Array(Screen.home.utf8)
        for byte in lines {
            if byte == UInt8(ascii: "\n") { bytes += Screen.clearLine }
            bytes.append(byte)
        }
        bytes += Screen.clearLine + Array(Screen.clearBelow.utf8)
        try Screen.write(bytes)
    }

    private static func write(_ bytes: [UInt8]) throws(OutputError) {
        var output = try Output(path: nil)
        output.buffer = bytes
        try output.flush()
    }
}
