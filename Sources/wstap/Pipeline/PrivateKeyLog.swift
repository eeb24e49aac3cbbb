import Glibc
import TapSources

/// A key log in a folder that only one user can enter, for as long as it is needed.
final class PrivateKeyLog {
    private let folder: String
    let path: String

    /// - Parameter privileges: who is to write it, where that is somebody else.
    init(for privileges: Privileges?) throws(CaptureError) {
        var template = Array("\(Environment.value("TMPDIR") ?? "/tmp")/wstap-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CaptureError("no private folder for keys: \(SystemError())") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = "\(folder)/keys.log"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CaptureError("\(path): \(SystemError())") }
        close(descriptor)
        guard let privileges else { return }
        chown(path, privileges.user, privileges.group)
        chown(folder, privileges.user, privileges.group)
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }

    /// What makes programs write their keys there. Node looks at its own variable only.
    var variables: [String: String] {
        let before = Environment.value("NODE_OPTIONS").map { "\($0) " } ?? ""
        return ["SSLKEYLOGFILE": path, "NODE_OPTIONS": "\(before)--tls-keylog=\(path)"]
    }

    /// All that was written.
    var secrets: [UInt8] {
        guard var file = try? FollowedFile(path: path) else { return [] }
        var bytes: [UInt8] = []
        file.readLines(into: &bytes)
        return bytes
    }
}
