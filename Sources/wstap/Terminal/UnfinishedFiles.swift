import Glibc
import Synchronization
import TapCore

/// Files and folders that are not complete, and go where a signal ends the program.
final class UnfinishedFiles: Sendable {
    private let paths = Mutex<Set<String>>([])

    /// Makes one in a folder, so that no signal comes in between.
    /// - Returns: `nil` where that failed, as `errno` says.
    func make(in folder: String) -> (path: String, descriptor: Int32)? {
        paths.withLock { paths in
            var name = Array((folder + ".wstap-XXXXXX").utf8CString)
            let descriptor = mkstemp(&name)
            guard descriptor >= 0 else { return nil }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            paths.insert(path)
            return (path, descriptor)
        }
    }

    /// Makes a folder in a folder.
    /// - Returns: `nil` where that failed, as `errno` says.
    func makeFolder(in folder: String) -> String? {
        paths.withLock { paths in
            var name = Array((folder + ".wstap-XXXXXX").utf8CString)
            guard mkdtemp(&name) != nil else { return nil }
            let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            paths.insert(path)
            return path
        }
    }

    /// One that is about to be made in such a folder.
    func add(_ path: String) { _ = paths.withLock { $0.insert(path) } }

    /// It is complete, or gone.
    func remove(_ path: String) { _ = paths.withLock { $0.remove(path) } }

    /// From here on a signal ends the program without leaving anything behind.
    /// - Parameter readsOn: whether the first Ctrl-C is only for whoever writes what is read: then this goes on to its end.
    func watch(readsOn: Bool) {
        var signals = StopSignal.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        _ = WorkerThread {
            var mayReadOn = readsOn
            while true {
                var signals = StopSignal.signals
                var number: Int32 = 0
                guard sigwait(&signals, &number) == 0 else { continue }
                // While a pager runs, Ctrl-C is for that.
                if number == SIGINT, StopSignal.isIgnored(SIGINT) { continue }
                if number == SIGINT, mayReadOn {
                    mayReadOn = false
                    StandardError.say("reading on to the end of the input; Ctrl-C again ends at once")
                } else {
                    self.end(by: number)
                }
            }
        }
    }

    private func end(by number: Int32) {
        // Nobody makes another one any more.
        paths.withLock { paths in
            // Folders behind what lies in them.
            for path in paths.sorted(by: >) { Glibc.remove(path) }
            signal(number, SIG_DFL)
            var only = sigset_t()
            sigemptyset(&only)
            sigaddset(&only, number)
            pthread_sigmask(SIG_UNBLOCK, &only, nil)
            raise(number)
        }
    }
}
