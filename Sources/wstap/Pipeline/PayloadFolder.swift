import Glibc
import TapAnalysis
import TapCore
import TapReports

/// A folder with a file for each message, which only its owner may read.
///
/// Files are made inside the open folder and nowhere else: no link is followed, and nothing that is there is changed.
final class PayloadFolder: Destination {
    private let path: String
    private let folder: Int32
    /// The connection whose messages are there, while it is the only one; and their names.
    private var only: Int?
    private var names: [PayloadFileName] = []
    private var hasSeveral = false
    private var parts = 0

    /// What it looks at.
    static let events: ReportEvents = [.message]

    /// Opens the folder at `path`, or makes it.
    init(path: String) throws(OutputError) {
        self.path = path
        let isThere = mkdir(path, 0o700) == 0 || errno == EEXIST
        folder = isThere ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1
        guard folder >= 0 else { throw .failed(path, errno) }
    }

    deinit { if folder >= 0 { close(folder) } }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        for case .message(let message) in observations.all {
            let payload = observations.payload(of: message)
            let name = PayloadFileName(message, payload)
            try noteConnection(message.connection)
            if name.isPart { parts += 1 }
            if !hasSeveral { names.append(name) }
            try make(hasSeveral ? name.amongOthers : name.alone, payload)
        }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        guard parts > 0 else { return }
        StandardError.say(
            "\(parts) files hold only a part of their message: see -part in their names, and --max-payload")
    }

    /// With the second connection the files of the first get its number into their names.
    private func noteConnection(_ number: Int) throws(OutputError) {
        guard !hasSeveral, number != only else { return }
        if only == nil {
            only = number
            return
        }
        hasSeveral = true
        for name in names { try rename(name.alone, to: name.amongOthers) }
        names = []
    }

    private func make(_ name: String, _ payload: ArraySlice<UInt8>) throws(OutputError) {
        let file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw refusal(name) }
        var rest = payload
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else {
                let code = errno
                close(file)
                throw .failed("\(path)/\(name)", code)
            }
            rest = rest.dropFirst(max(0, count))
        }
        guard close(file) == 0 else { throw .failed("\(path)/\(name)", errno) }
    }

    /// A file that is there under the new name stays what it is.
    private func rename(_ name: String, to newName: String) throws(OutputError) {
        guard linkat(folder, name, folder, newName, 0) == 0, unlinkat(folder, name, 0) == 0 else {
            throw refusal(newName)
        }
    }

    private func refusal(_ name: String) -> OutputError {
        errno == EEXIST
            ? .failed("\(path)/\(name): is there already; name a new folder") : .failed("\(path)/\(name)", errno)
    }
}
