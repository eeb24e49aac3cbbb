import Glibc

/// A ring of batches between the thread that fills them and the one that takes them.
///
/// To wake a thread up costs microseconds. So one that has to wait is woken only when half of the ring is ready for it.
package final class Relay<Batch: AnyObject>: @unchecked Sendable {
    package let batches: [Batch]

    // The system knows them by their addresses.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // What follows only changes while the mutex is held.
    private var filled = 0
    private var taken = 0
    private var givenBack = 0
    private var isStopped = false
    /// How many batches at most may be under way when who fills them is to be woken; `nil` where it is not waiting.
    private var wakesFilling: Int?
    /// Whether who takes them waits for one.
    private var isTaking = false

    /// - Parameter batches: at least two.
    package init(_ batches: [Batch]) {
        self.batches = batches
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(mutex)
        change.deallocate()
        mutex.deallocate()
    }

    /// The batch that is being filled.
    package var current: Batch { batches[filled % batches.count] }

    /// Hands over the last batch.
    package func end() {
        locked {
            filled += 1
            wakeTaking(ifAsManyAs: 1)
        }
    }

    /// Hands over the current batch, and waits until there is another.
    /// - Returns: whether anybody wants more.
    package func handOver() -> Bool {
        locked {
            filled += 1
            wakeTaking(ifAsManyAs: batches.count / 2)
            waitToFill(untilUnderWay: batches.count - 1, wakingAt: batches.count / 2)
            return !isStopped
        }
    }

    /// Waits until every batch that was handed over was given back, too.
    package func drain() {
        locked {
            wakeTaking(ifAsManyAs: 1)
            waitToFill(untilUnderWay: 0, wakingAt: 0)
        }
    }

    /// Gives back the batch that was taken before, and waits for the next.
    package func take() -> Batch {
        locked {
            givenBack = taken
            if let limit = wakesFilling, filled - givenBack <= limit { pthread_cond_signal(change) }
            while filled == taken {
                isTaking = true
                pthread_cond_wait(change, mutex)
            }
            isTaking = false
            taken += 1
            return batches[(taken - 1) % batches.count]
        }
    }

    /// Nobody takes any more.
    package func stop() {
        locked {
            isStopped = true
            pthread_cond_signal(change)
        }
    }

    private func wakeTaking(ifAsManyAs count: Int) {
        if isTaking, filled - taken >= count { pthread_cond_signal(change) }
    }

    private func waitToFill(untilUnderWay most: Int, wakingAt limit: Int) {
        while filled - givenBack > most, !isStopped {
            wakesFilling = limit
            pthread_cond_wait(change, mutex)
        }
        wakesFilling = nil
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
