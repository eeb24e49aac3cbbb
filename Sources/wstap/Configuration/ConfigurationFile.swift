import Glibc

/// Where a user's defaults stand, and what stands there.
struct ConfigurationFile {
    let path: String
    private let content: String

    /// No more than this is read of it; nobody has so many defaults. The parser calls itself for each part of a dotted key:
    /// those of a longer file could be too many for the stack.
    private static let sizeLimit = 32 << 10

    /// The file of this user; `nil` if absent. XDG Base Directory Specification: a path that is not absolute is
    /// ignored.
    init?() throws(ConfigurationError) {
        guard let folder = ConfigurationFile.folder else { return nil }
        path = "\(folder)/wstap/config.toml"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        // What may not be looked into is somebody else's, as a home is that su or setpriv left in the environment.
        if descriptor < 0, [ENOENT, ENOTDIR, EACCES].contains(errno) { return nil }
        guard descriptor >= 0 else { throw ConfigurationError("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        // Nobody may ever write into a pipe.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFIFO else {
            throw ConfigurationError("\(path): a pipe, where a file is expected")
        }
        var bytes = [UInt8](repeating: 0, count: ConfigurationFile.sizeLimit)
        var size = 0
        while size < bytes.count {
            let count = bytes[size...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { throw ConfigurationError("\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            size += count
        }
        guard size < bytes.count else { throw ConfigurationError("\(path): too long for a configuration") }
        guard let text = String(validating: bytes[..<size], as: UTF8.self) else {
            throw ConfigurationError("\(path): not UTF-8")
        }
        content = text
    }

    private static var folder: String? {
        if let folder = Environment.value("XDG_CONFIG_HOME"), folder.hasPrefix("/") { return folder }
        return Environment.value("HOME").map { "\($0)/.config" }
    }

    /// What stands there.
    func items() throws(ConfigurationError) -> [(key: String, value: TOMLValue)] {
        do { return try TOMLReader.items(in: content) } catch {
            throw ConfigurationError("\(path): line \(error.line), column \(error.column): \(error.description)")
        }
    }
}
