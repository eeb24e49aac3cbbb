import TapCore

extension PacketsAhead {
    /// What the thread does that reads: it fills one batch after another.
    final class Reader: @unchecked Sendable {
        let relay: Relay<PacketBatch>
        private var file: CaptureFile?
        /// The one that is being filled.
        private var batch: PacketBatch
        /// Its packets.
        fileprivate let packets: UnsafeMutablePointer<UnsafeMutablePointer<PacketList>>
        private static let batches = 8

        init(_ file: inout CaptureFile?, size: Int) {
            relay = Relay((0..<Reader.batches).map { _ in PacketBatch(size: size) })
            batch = relay.current
            packets = .allocate(capacity: 1)
            packets.initialize(to: batch.packets)
            self.file = file.take()
        }

        deinit { packets.deallocate() }

        func takeFile() -> CaptureFile? { file.take() }

        /// Reads to the end of the file, or to an error, or until nobody wants more.
        func run() {
            guard var file = takeFile() else { return }
            batch.makeRoom(for: file.input.count)
            file.input.rotate(through: self, from: batch.storage)
            var fault: CaptureError?
            do throws(CaptureError) {
                while let header = try file.next() {
                    take(header, of: file)
                    file.takeReady(into: &packets.pointee.pointee)
                }
            } catch {
                fault = error
            }
            batch.position = file.position
            batch.end = CaptureFileEnd(file, fault)
            relay.end()
        }

        @inline(__always)
        private func take(_ header: PacketHeader, of file: borrowing CaptureFile) {
            packets.pointee.pointee.append(header, at: file.input.packetPlace)
            if file.isAnnotated { batch.note(file.comments, file.process) }
        }
    }
}

/// The memory that is read into is always that of the batch that is being filled.
extension PacketsAhead.Reader: StorageRotation {
    func turn(at position: UInt64, keeping rest: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer? {
        batch.position = position
        guard relay.handOver() else { return nil }
        batch = relay.current
        packets.pointee = batch.packets
        return batch.begin(with: rest)
    }

    /// Long records wait until all before them were looked at, so that not every batch becomes as large as they are.
    func enlarge(to size: Int, keeping count: Int) -> UnsafeMutableRawBufferPointer {
        relay.drain()
        for other in relay.batches where other !== batch { other.clear() }
        batch.enlarge(to: size, keeping: count)
        return batch.storage
    }
}
