import Glibc

/// A program that runs beside the capture, with standard input, output and error to itself.
final class ChildProgram {
    /// Why a program did not start, as env(1) says it by its exit code.
    struct StartError: Error {
        let reason: String
        /// 127 where there is no such program, else 126.
        let exitCode: Int32
    }

    let identifier: pid_t
    private var status: Int32?

    /// - Parameters:
    ///   - variables: what its environment has beside that of this program.
    ///   - isApart: whether it has nothing to read, and writes to standard error alone.
    init(_ command: [String], with variables: [String: String], isApart: Bool = false) throws(StartError) {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The signals that wait here, and the one that is ignored, have their usual effect there.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if isApart {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        }
        var arguments = command.map { strdup($0) } + [nil]
        var environment = ChildProgram.environment(with: variables).map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let error = posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &environment)
        guard error == 0 else {
            throw StartError(
                reason: "\(command[0]): \(String(cString: strerror(error)))", exitCode: error == ENOENT ? 127 : 126)
        }
        identifier = child
    }

    private static func environment(with variables: [String: String]) -> [String] {
        var lines: [String] = []
        var place = environ
        while let line = place.pointee {
            let text = String(cString: line)
            if !variables.keys.contains(where: { text.hasPrefix("\($0)=") }) { lines.append(text) }
            place += 1
        }
        return lines + variables.map { "\($0.key)=\($0.value)" }
    }

    /// Whether it has ended.
    var hasEnded: Bool {
        if status != nil { return true }
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return false }
        self.status = status
        return true
    }

    /// Passes a signal on.
    func pass(_ signal: Int32) { if !hasEnded { kill(identifier, signal) } }

    /// Waits for its end, and answers its exit code; 128 and the number of the signal that ended it.
    func wait() -> Int32 {
        while status == nil {
            var status: Int32 = 0
            if waitpid(identifier, &status, 0) == identifier { self.status = status } else if errno != EINTR { break }
        }
        guard let status else { return 128 }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
