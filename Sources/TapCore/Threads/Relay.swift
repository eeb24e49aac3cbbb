import Glibc

/// A ring of batches between the thread that fills them and those that take them: each taker gets every batch, and it is
/// filled again when all of them have given it back.
///
/// To wake a thread up costs microseconds. So one that has to wait is woken only when half of the ring is ready for it.
package final class Relay<Batch: AnyObject>: @unchecked Sendable {
    /// How far a taker is.
    private struct Taker {
        var taken = 0
        var givenBack = 0
        /// Whether it waits for a batch.
        var isWaiting = false
    }

    package let batches: [Batch]
    /// How many batches must be ready when a taker is to be woken.
    private let worthWaking: Int

    // The system knows them by their addresses.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let room = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let more = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // What follows only changes while the mutex is held.
    private var filled = 0
    private var takers: [Taker]
    private var isStopped = false
    /// Whether a taker fills batches.
    private var isFilling = false
    /// How many batches at most may be under way when who fills them is to be woken; `nil` where it is not waiting.
    private var wakesFilling: Int?

    /// - Parameters:
    ///   - batches: at least two.
    ///   - isEager: whether takers are woken for each batch, because who fills them may wait for what they do.
    package init(_ batches: [Batch], takers: Int = 1, isEager: Bool = false) {
        self.batches = batches
        self.takers = Array(repeating: Taker(), count: takers)
        worthWaking = isEager ? 1 : batches.count / 2
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(room, nil)
        pthread_cond_init(more, nil)
    }

    deinit {
        pthread_cond_destroy(more)
        pthread_cond_destroy(room)
        pthread_mutex_destroy(mutex)
        more.deallocate()
        room.deallocate()
        mutex.deallocate()
    }

    /// The batch that is being filled.
    package var current: Batch { batches[filled % batches.count] }

    /// Hands over the last batch.
    package func end() {
        locked {
            filled += 1
            wakeTakers(ifAsManyAs: 1)
        }
    }

    /// Hands over the current batch, and waits until there is another.
    /// - Returns: whether anybody wants more.
    package func handOver() -> Bool {
        locked {
            filled += 1
            wakeTakers(ifAsManyAs: worthWaking)
            waitToFill(untilUnderWay: batches.count - 1, wakingAt: batches.count / 2)
            return !isStopped
        }
    }

    /// Waits until every batch that was handed over was given back, too.
    package func drain() {
        locked {
            wakeTakers(ifAsManyAs: 1)
            waitToFill(untilUnderWay: 0, wakingAt: 0)
        }
    }

    /// Gives back the batch that a taker took before, and waits for the next.
    /// - Returns: `nil` once it was stopped.
    package func take(as taker: Int = 0) -> Batch? {
        locked {
            takers[taker].givenBack = takers[taker].taken
            if let limit = wakesFilling, underWay <= limit { pthread_cond_signal(room) }
            while filled == takers[taker].taken, !isStopped {
                takers[taker].isWaiting = true
                pthread_cond_wait(more, mutex)
            }
            takers[taker].isWaiting = false
            return next(for: taker)
        }
    }

    /// The same, where the takers fill the batches themselves, because there is no thread that does nothing else: the one that
    /// finds none calls `fill`, which publishes as many as it likes.
    /// - Parameter most: how many batches at most may be under way when more are filled.
    package func take(as taker: Int, upTo most: () -> Int, fill: () -> Void) -> Batch? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        takers[taker].givenBack = takers[taker].taken
        if takers.contains(where: \.isWaiting) { pthread_cond_broadcast(more) }
        while filled == takers[taker].taken, !isStopped {
            if !isFilling, underWay <= most() {
                isFilling = true
                pthread_mutex_unlock(mutex)
                fill()
                pthread_mutex_lock(mutex)
                isFilling = false
                if takers.contains(where: \.isWaiting) { pthread_cond_broadcast(more) }
            } else {
                takers[taker].isWaiting = true
                pthread_cond_wait(more, mutex)
                takers[taker].isWaiting = false
            }
        }
        return next(for: taker)
    }

    /// The batch that is there for a taker; `nil` once it was stopped.
    private func next(for taker: Int) -> Batch? {
        guard !isStopped else { return nil }
        takers[taker].taken += 1
        return batches[(takers[taker].taken - 1) % batches.count]
    }

    /// Hands over the current batch from within `fill`.
    /// - Returns: how many are under way now.
    package func publish() -> Int {
        locked {
            filled += 1
            wakeTakers(ifAsManyAs: 1)
            return underWay
        }
    }

    /// Nobody takes any more.
    package func stop() {
        locked {
            isStopped = true
            pthread_cond_signal(room)
            pthread_cond_broadcast(more)
        }
    }

    /// How many batches were handed over and not given back by all.
    private var underWay: Int { filled - takers.reduce(filled) { min($0, $1.givenBack) } }

    private func wakeTakers(ifAsManyAs count: Int) {
        guard takers.contains(where: { $0.isWaiting && filled - $0.taken >= count }) else { return }
        pthread_cond_broadcast(more)
    }

    private func waitToFill(untilUnderWay most: Int, wakingAt limit: Int) {
        while underWay > most, !isStopped {
            wakesFilling = limit
            pthread_cond_wait(room, mutex)
        }
        wakesFilling = nil
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
