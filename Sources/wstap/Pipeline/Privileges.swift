import Glibc
import TapSources

/// The user that a capture goes on as once the interface is open: who parses what strangers sent needs no rights.
struct Privileges {
    private let name: String
    let user: uid_t
    let group: gid_t

    /// The user by name, or the one who ran sudo where none is named; `nil` where there is nobody to become.
    init?(userNamed name: String?) throws(CaptureError) {
        if let name {
            guard let entry = Privileges.entry(named: name) else {
                throw CaptureError("there is no user \(name) (--user)")
            }
            self = entry
            guard user == geteuid() || geteuid() == 0 else {
                throw CaptureError("only root can go on as \(name) (--user): run with sudo, or without --user")
            }
            return
        }
        // Whoever may set these as root is root.
        guard geteuid() == 0, let user = Privileges.number("SUDO_UID"), let group = Privileges.number("SUDO_GID"),
            user != 0
        else { return nil }
        self.init(name: Privileges.name(of: user) ?? "user \(user)", user: user, group: group)
    }

    private init(name: String, user: uid_t, group: gid_t) {
        self.name = name
        self.user = user
        self.group = group
    }

    /// Becomes that user for good. Nothing happens where this is that user already.
    func drop() throws(CaptureError) {
        guard user != geteuid() || user != getuid() else { return }
        // Groups first: without root they cannot be changed any more.
        guard initgroups(name, group) == 0 || setgroups(1, [group]) == 0, setgid(group) == 0, setuid(user) == 0 else {
            throw CaptureError("cannot go on as \(name): \(String(cString: strerror(errno)))")
        }
        guard user == 0 || setuid(0) != 0 && seteuid(0) != 0 && getuid() == user && geteuid() == user else {
            throw CaptureError("cannot go on as \(name): the rights of root would not be given up")
        }
        StandardError.say("going on as \(name)")
    }

    private static func entry(named name: String) -> Privileges? {
        guard let entry = getpwnam(name)?.pointee else { return nil }
        return Privileges(name: name, user: entry.pw_uid, group: entry.pw_gid)
    }

    private static func name(of user: uid_t) -> String? {
        getpwuid(user).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
    }

    private static func number(_ variable: String) -> UInt32? {
        getenv(variable).flatMap { UInt32(String(cString: $0)) }
    }
}
