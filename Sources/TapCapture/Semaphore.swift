import Glibc

/// Counts what one thread has ready for another, which waits for it.
final class Semaphore: @unchecked Sendable {
    // The kernel knows it by its address.
    private let place = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(_ count: UInt32) { sem_init(place, 0, count) }

    deinit {
        sem_destroy(place)
        place.deallocate()
    }

    func signal() { sem_post(place) }

    func wait() { while sem_wait(place) != 0 {} }

    /// Whether there was something, without waiting for it.
    func take() -> Bool { sem_trywait(place) == 0 }
}
