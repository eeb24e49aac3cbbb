import Glibc

/// A whole terminal to draw on and to read keys from. What was on it before comes back when this goes, and so does the
/// way in which the terminal read its keys.
struct Screen: ~Copyable {
    private let before: termios?
    private var size = (width: 0, height: 0)

    /// The other buffer, without a cursor. xterm, "The Alternate Screen Buffer".
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave = "\u{1B}[?25h\u{1B}[?1049l"
    private static let home = "\u{1B}[H"
    private static let clearScreen = "\u{1B}[2J"
    private static let clearLine = Array("\u{1B}[K".utf8)
    private static let clearBelow = "\u{1B}[J"

    static var isThere: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Takes the terminal at standard output; keys come from standard input, where that is a terminal.
    init() throws(OutputError) {
        var settings = termios()
        if isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 {
            before = settings
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
            // To be stopped or to dump core with the screen taken would leave it so. Ctrl-C stays a signal.
            withUnsafeMutableBytes(of: &settings.c_cc) { characters in
                characters[Int(VSUSP)] = 0
                characters[Int(VQUIT)] = 0
                characters[Int(VMIN)] = 0
                characters[Int(VTIME)] = 0
            }
            tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        } else {
            before = nil
        }
        try Screen.write(Array(Screen.enter.utf8))
    }

    deinit {
        try? Screen.write(Array(Screen.leave.utf8))
        guard var before else { return }
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }

    /// The keys that were pressed since the last time; `nil` where nobody can press one any more.
    func keys() -> [Character]? {
        guard before != nil else { return [] }
        var pending = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&pending, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return Screen.keys(in: bytes.prefix(count))
    }

    /// The keys that stand for a character. Arrows and their like come as control sequences (ECMA-48 §5.4), and none of
    /// them means anything here.
    private static func keys(in bytes: ArraySlice<UInt8>) -> [Character] {
        var keys: [Character] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == 0x1B else {
                keys.append(Character(Unicode.Scalar(byte)))
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "["): rest = rest.drop { !(0x40...0x7E).contains($0) }.dropFirst()
            case UInt8(ascii: "O"): rest = rest.dropFirst()
            default: break
            }
        }
        return keys
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
