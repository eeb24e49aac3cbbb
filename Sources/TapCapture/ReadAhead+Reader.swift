import Synchronization

extension ReadAhead {
    /// What both threads know of. Each buffer and its outcome belong to one of them at a time: the semaphores hand them over.
    final class Reader: @unchecked Sendable {
        let buffers: [UnsafeMutableRawBufferPointer]
        /// How many bytes were read into each buffer.
        let outcomes: UnsafeMutablePointer<Result<Int, SystemError>>
        let filled = Semaphore(0)
        let free: Semaphore
        private let file: FileDescriptor
        /// With two, one thread would wait for the other at every piece.
        private static let count = 4
        private let isStopped = Atomic(false)

        init(_ file: consuming FileDescriptor, length: Int) {
            self.file = file
            buffers = (0..<Reader.count).map { _ in .allocate(byteCount: ReadAhead.room + length, alignment: 64) }
            outcomes = .allocate(capacity: buffers.count)
            outcomes.initialize(repeating: .success(0), count: buffers.count)
            free = Semaphore(UInt32(buffers.count))
        }

        deinit {
            for buffer in buffers { buffer.deallocate() }
            outcomes.deinitialize(count: buffers.count)
            outcomes.deallocate()
        }

        /// Reads one piece after another, up to the end of the file, or to an error.
        func run() {
            var place = 0
            while true {
                free.wait()
                if isStopped.load(ordering: .acquiring) { return }
                let buffer = UnsafeMutableRawBufferPointer(rebasing: buffers[place][ReadAhead.room...])
                let outcome = Result { () throws(SystemError) in try file.read(into: buffer) }
                outcomes[place] = outcome
                filled.signal()
                guard case .success(1...) = outcome else { return }
                place = (place + 1) % buffers.count
            }
        }

        /// Has the thread end; answers whether that is new.
        func stop() -> Bool {
            guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return false }
            free.signal()
            return true
        }
    }
}
