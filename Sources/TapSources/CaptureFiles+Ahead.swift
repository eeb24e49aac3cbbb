import TapCore

/// One large file is read on a thread of its own.
extension CaptureFiles {
    /// Starts a reader thread; `nil` if the file is too small or no thread can be created.
    mutating func readAhead(by batchSize: Int) -> PacketsAhead? {
        guard let size, size >= PacketsAhead.leastSize else { return nil }
        var file = takeOnlyFile()
        guard file != nil else { return nil }
        let ahead = PacketsAhead(&file, size: batchSize)
        if let file = file.take() {
            files.initialize(to: file)
            isOpen[0] = true
        }
        return ahead
    }

    /// The file, where there is only one, and threads are of use; it is no longer among the files then.
    private mutating func takeOnlyFile() -> CaptureFile? {
        guard isOpen == [true], size != nil, WorkerThread.isOfUse else { return nil }
        isOpen[0] = false
        return files.move()
    }

    mutating func next(from ahead: PacketsAhead) -> PacketHeader? {
        guard let next = ahead.ready(from: place) else {
            if let error = ahead.end?.error { errors.append(error) }
            warnings += ahead.end?.warnings ?? []
            leftComments = ahead.end?.comments ?? []
            self.ahead = nil
            return end()
        }
        (entries, base) = (UnsafePointer(next.batch.entries), UnsafeRawPointer(next.batch.storage.baseAddress))
        (place, ready) = (next.places.lowerBound, next.places.upperBound)
        (comments, process) = (next.comments, next.process)
        closedPosition = next.batch.position
        firstNumber = next.batch.firstNumber.rawValue
        return present
    }

    /// The packets for several threads, where they are of one file; then none are to be had from here. Only before the
    /// first packet.
    package mutating func divided(among takers: Int, by sorter: any PacketSorting) -> DividedPackets? {
        guard let batchSize else { return nil }
        var file = takeOnlyFile()
        guard file != nil else { return nil }
        self.batchSize = nil
        return DividedPackets(&file, size: batchSize, takers: takers, sorter: sorter)
    }
}
