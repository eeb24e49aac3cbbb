import Glibc
package import TapCore

/// A file of state whose records were all found to be whole when it was opened, and which are read from it when they are asked for.
package final class StateFile {
    package let path: String
    private let descriptor: Int32
    private var records: [(kind: StateRecord.Kind, range: Range<UInt64>)] = []
    private var taken = 0

    /// Opens it, and reads it once.
    /// - Returns: `nil` where it is something else.
    package init?(path: String) throws(CaptureError) {
        self.path = path
        do throws(SystemError) {
            descriptor = try FileDescriptor.repeating { open(path, O_RDONLY | O_CLOEXEC) }
        } catch {
            throw CaptureError("\(path): \(error)", path: path)
        }
        guard try read(StateRecord.magic.count, at: 0) == StateRecord.magic else { return nil }
        try check()
    }

    deinit { _ = Glibc.close(descriptor) }

    /// The bytes of the only record of a kind.
    package func record(_ kind: StateRecord.Kind) throws(CaptureError) -> [UInt8] {
        guard let record = records.first(where: { $0.kind == kind }) else { throw damaged() }
        return try bytes(of: record.range)
    }

    /// The next record with entries; `nil` at the end.
    package func nextEntries() throws(CaptureError) -> [UInt8]? {
        while taken < records.count {
            let record = records[taken]
            taken += 1
            if record.kind == .entries { return try bytes(of: record.range) }
        }
        return nil
    }

    package func damaged() -> CaptureError { CaptureError("\(path): damaged: export it again", path: path) }

    private func check() throws(CaptureError) {
        var offset = UInt64(StateRecord.magic.count)
        while true {
            let head = try read(StateRecord.headLength, at: offset)
            guard head.count == StateRecord.headLength else { throw cutOff() }
            guard let record = try? StateRecord(head: head.span.bytes) else { throw damaged() }
            offset += UInt64(StateRecord.headLength)
            let bytes = try read(Int(record.length), at: offset)
            guard UInt64(bytes.count) == record.length else { throw cutOff() }
            guard record.isIntact(bytes) else { throw damaged() }
            guard record.kind != .end else { break }
            records.append((record.kind, offset..<offset + record.length))
            offset += record.length
        }
    }

    private func cutOff() -> CaptureError { CaptureError("\(path): cut off: export it again", path: path) }

    private func bytes(of range: Range<UInt64>) throws(CaptureError) -> [UInt8] {
        let bytes = try read(range.count, at: range.lowerBound)
        guard bytes.count == range.count else { throw damaged() }
        return bytes
    }

    /// As many bytes as there are, a limited number at a time: a length that is damaged must not take all memory.
    private func read(_ count: Int, at offset: UInt64) throws(CaptureError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let wanted = min(count - bytes.count, StateFile.step)
            var failure: SystemError?
            let before = bytes.count
            bytes += [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
                do throws(SystemError) {
                    initialized = try FileDescriptor.repeating {
                        pread(descriptor, buffer.baseAddress, wanted, off_t(offset) + off_t(before))
                    }
                } catch {
                    failure = error
                }
            }
            if let failure { throw CaptureError("\(path): \(failure)", path: path) }
            if bytes.count == before { break }
        }
        return bytes
    }

    private static let step = 1 << 20
}
