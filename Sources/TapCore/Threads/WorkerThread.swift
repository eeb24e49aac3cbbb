import Glibc

/// A thread of its own for one piece of work. Signals are for the other threads.
package struct WorkerThread: ~Copyable {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let thread: pthread_t

    /// Begins at once; `nil` where no thread can be created.
    package init?(_ body: @escaping @Sendable () -> Void) {
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, nil,
            { @Sendable pointer in
                pointer.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits until the work is done.
    package consuming func join() { pthread_join(thread, nil) }

    /// Whether more than one thread can run at a time.
    package static var isOfUse: Bool { sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 }
}
