import Glibc

/// Where results go: standard output or a file, through one buffer.
struct Output: ~Copyable {
    var buffer: [UInt8] = []
    let isTerminal: Bool
    /// Whether a part of the results is to be seen on the terminal.
    private(set) var isOnScreen = false
    private let descriptor: Int32
    /// What takes the place of a file once it is complete, where it is such a one.
    private let file: OutputFile?
    private let name: String
    /// What shows results that are longer than the terminal; there is none for what goes elsewhere.
    private let pagerCommand: PagerCommand?
    private var pager: Pager?
    /// Whether there was no such file.
    private let isNew: Bool
    /// Whether what the file held is gone.
    private var isEmptied: Bool
    private static let flushedFrom = 64 << 10

    /// Creates or opens the file at `path`; `nil` or `-` is standard output. What it holds stays there until there is
    /// something to put in its place, and a file that nothing was written to goes again.
    /// - Parameter pager: what to show results with that are longer than a terminal.
    init(path: String?, pagedBy pager: PagerCommand? = nil) throws(OutputError) {
        guard let path, path != "-" else {
            descriptor = STDOUT_FILENO
            name = "standard output"
            isTerminal = isatty(STDOUT_FILENO) == 1
            pagerCommand = isTerminal ? pager : nil
            (isNew, isEmptied, file) = (false, true, nil)
            return
        }
        name = path
        pagerCommand = nil
        file = nil
        let present = open(path, O_WRONLY | O_CLOEXEC)
        isNew = present < 0 && errno == ENOENT
        descriptor = isNew ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) : present
        guard descriptor >= 0 else { throw .failed(path, errno) }
        isTerminal = isatty(descriptor) == 1
        isEmptied = false
    }

    /// A file that takes the place of what is at `path` when this is finished; `-` is standard output.
    /// - Parameters:
    ///   - mode: of a file that is new.
    ///   - unfinished: what is removed where the program is ended.
    static func replacing(
        _ path: String, mode: mode_t, among unfinished: UnfinishedFiles
    ) throws(OutputError) -> Output {
        guard path != "-" else { return try Output(path: nil) }
        return Output(to: try OutputFile(path, mode: mode, among: unfinished), named: path)
    }

    private init(to file: OutputFile, named path: String) {
        self.file = file
        descriptor = file.descriptor
        name = path
        isTerminal = isatty(descriptor) == 1
        pagerCommand = nil
        (isNew, isEmptied) = (false, false)
    }

    /// A file that somebody else has opened, and leaves to this.
    init(writing descriptor: Int32, named name: String) {
        self.descriptor = descriptor
        self.name = name
        isTerminal = false
        pagerCommand = nil
        (isNew, isEmptied, file) = (false, true, nil)
    }

    /// Standard error in place of standard output.
    static func ofStandardError() -> Output { Output() }

    private init() {
        descriptor = STDERR_FILENO
        name = "standard error"
        isTerminal = isatty(STDERR_FILENO) == 1
        pagerCommand = nil
        (isNew, isEmptied, file) = (false, true, nil)
    }

    deinit {
        if isNew, !isEmptied { unlink(name) }
        if file == nil, descriptor > STDERR_FILENO { close(descriptor) }
    }

    /// Writes the buffer out when it is large enough for that to pay.
    mutating func flushWhenFull() throws(OutputError) {
        guard buffer.count >= Output.flushedFrom else { return }
        try startPager()
        try flush()
    }

    mutating func flush() throws(OutputError) {
        if !isEmptied { try empty() }
        isOnScreen = isOnScreen || isTerminal && !buffer.isEmpty
        let target = pager?.descriptor ?? descriptor
        // Not a slice of the buffer: while there is one, the buffer is copied when it is emptied.
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return write(target, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                written += count
            } else if errno == EPIPE {
                throw .readerIsGone
            } else if errno != EINTR {
                throw .failed(name, errno)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Pipes and devices hold nothing that could be in the way.
    private mutating func empty() throws(OutputError) {
        isEmptied = true
        if let file { return try file.empty() }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        guard ftruncate(descriptor, 0) == 0 else { throw .failed(name, errno) }
    }

    /// Writes what is left, and waits until somebody has read it, where it is shown page by page.
    mutating func finish() throws(OutputError) {
        try startPager()
        do throws(OutputError) {
            try flush()
        } catch {
            // Who quits a pager has seen enough; what was found out by then stays true.
            guard pager != nil, case .readerIsGone = error else { throw error }
            buffer.removeAll()
        }
        pager = nil
        try file?.publish()
    }

    /// Starts the pager, where there is to be one and the terminal has no room for what is to be shown.
    private mutating func startPager() throws(OutputError) {
        guard pager == nil, !isOnScreen, let pagerCommand, let height = TerminalSettings.height,
            buffer.count(where: { $0 == UInt8(ascii: "\n") }) >= height
        else { return }
        pager = try Pager(pagerCommand)
    }
}
