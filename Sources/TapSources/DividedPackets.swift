import TapCore

/// The packets of one large file for several threads, each of which takes all batches of them.
///
/// None of them only reads: the one that finds no batch that was read yet reads some, while the others go on with those
/// before. So as many threads as there are processors keep all of them busy, however long reading takes.
package final class DividedPackets: @unchecked Sendable {
    private let relay: Relay<PacketBatch>
    // What follows belongs to the thread that reads, and the relay lets only one do so at a time.
    private var file: CaptureFile?
    private var sorter: any PacketSorting
    /// The batch that is being filled.
    private var batch: PacketBatch
    /// Its packets.
    private let packets: UnsafeMutablePointer<UnsafeMutablePointer<PacketList>>
    /// How many batches are under way, and how many were read at once.
    private var underWay = 0
    private var batchesAtOnce = 0
    /// Whether a batch was larger than usual, so that nothing is read until all were given back.
    private var isLarge = false

    /// More than a thread is silent for; see `AnalysisWorker`.
    private static let batches = 6
    /// Half of them: while one thread reads these, the others have as many to do.
    private static let mostAtOnce = 3

    /// - Parameter size: of half a batch in bytes: threads that wait for one another do so less often with larger ones.
    init(_ file: inout CaptureFile?, size: Int, takers: Int, sorter: any PacketSorting) {
        relay = Relay(
            (0..<DividedPackets.batches).map { _ in PacketBatch(size: size * 2, takers: takers) }, takers: takers)
        batch = relay.current
        packets = .allocate(capacity: 1)
        packets.initialize(to: batch.packets)
        self.sorter = sorter
        self.file = file.take()
        batch.makeRoom(for: self.file?.input.count ?? 0)
        self.file?.input.rotate(through: self, from: batch.storage)
    }

    deinit { packets.deallocate() }

    /// Gives the packets back that a thread took before, and takes the next; `nil` where no more are wanted. The last ones have
    /// an end.
    package func next(for taker: Int) -> PacketBatch? {
        relay.take(
            as: taker, upTo: { [self] in isLarge ? 0 : DividedPackets.batches - 2 }, fill: { [self] in read() })
    }

    /// Lets go of the threads that wait for packets: nobody wants more.
    package func stop() { relay.stop() }

    /// Closes the file. Only when all threads have ended.
    package func close() { file = nil }

    /// Reads some batches, or to the end of the file, or to an error.
    private func read() {
        guard var file = file.take() else { return }
        // All were given back: none of the others need be as large any more.
        if isLarge { for other in relay.batches where other !== batch { other.clear() } }
        (batchesAtOnce, isLarge) = (0, false)
        let hasEnded: Bool
        var fault: CaptureError?
        do throws(CaptureError) {
            hasEnded = try isAtEnd(of: &file)
        } catch {
            (hasEnded, fault) = (true, error)
        }
        if hasEnded { end(CaptureFileEnd(file, fault), at: file.position) } else { self.file = consume file }
    }

    /// Reads some batches; answers whether there is no more.
    private func isAtEnd(of file: inout CaptureFile) throws(CaptureError) -> Bool {
        var filled = packets.pointee
        while let header = try file.next() {
            packets.pointee.pointee.append(header, at: file.input.packetPlace)
            if file.isAnnotated { batch.note(file.comments, file.process) }
            guard packets.pointee != filled else { continue }
            // The packet is the first of another batch.
            filled = packets.pointee
            guard mayReadOn else { return false }
        }
        return true
    }

    private func end(_ end: CaptureFileEnd, at position: UInt64) {
        batch.position = position
        batch.end = end
        sorter.sort(batch)
        underWay = relay.publish()
    }

    private var mayReadOn: Bool {
        batchesAtOnce < DividedPackets.mostAtOnce && underWay <= DividedPackets.batches - 2 && !isLarge
    }
}

/// The memory that is read into is always that of the batch that is being filled.
extension DividedPackets: StorageRotation {
    func turn(at position: UInt64, keeping rest: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer? {
        batch.position = position
        sorter.sort(batch)
        underWay = relay.publish()
        batchesAtOnce += 1
        batch = relay.current
        packets.pointee = batch.packets
        return batch.begin(with: rest)
    }

    func enlarge(to size: Int, keeping count: Int) -> UnsafeMutableRawBufferPointer {
        isLarge = true
        batch.enlarge(to: size, keeping: count)
        return batch.storage
    }
}
