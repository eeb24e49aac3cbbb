public import TapBytes

/// Several capture files as one capture: merged by time and numbered from 1 over all of them.
///
/// Each file keeps its own order, so a single file is passed through as it is; of equal times, the file that was named
/// first goes first. A file that cannot be opened, or not be read to its end, gives what it can, and the others go on.
public struct CaptureFiles: ~Copyable, PacketSource {
    /// Why files were left out or broke off, in the order in which it was noticed.
    public private(set) var errors: [CaptureError]

    // Not an array, which cannot hold values that are not copied.
    private let files: UnsafeMutablePointer<CaptureFile>
    private let fileCount: Int
    private var order = MergeOrder()
    private var state = State.unread
    private var count: UInt64 = 0
    // In the buffer of one of the files, which changes only when that file moves on.
    @usableFromInline var packet = UnsafeRawBufferPointer(start: nil, count: 0)

    private enum State {
        case unread
        case at(file: Int)
        case ended
    }

    /// Opens all files; `-` is standard input, and a directory stands for the captures in it, whatever their names.
    ///
    /// The files share 16 MiB for their read buffers, and each has at least 16 KiB and at most 256 KiB of its own.
    public init(paths: [String]) {
        var errors: [CaptureError] = []
        let candidates = CaptureFiles.candidates(paths, &errors)
        let share = CaptureLimits.mergeBuffers / max(candidates.count, 1)
        let bufferSize = min(max(share, CaptureLimits.smallestBuffer), CaptureLimits.defaultBuffer)
        files = UnsafeMutablePointer.allocate(capacity: candidates.count)
        var opened = 0
        // Directories all of whose files are something else.
        var fruitless = Set(candidates.compactMap(\.directory))
        for (path, directory) in candidates {
            do throws(CaptureError) {
                (files + opened).initialize(to: try CaptureFile(path: path, bufferSize: bufferSize))
                opened += 1
            } catch {
                if directory != nil, error.isOfOtherContent { continue }
                errors.append(error)
            }
            if let directory { fruitless.remove(directory) }
        }
        errors += fruitless.sorted().map { CaptureFiles.withoutCaptures($0) }
        fileCount = opened
        self.errors = errors
    }

    /// All files to try, each with the directory that it was found in.
    private static func candidates(
        _ paths: [String], _ errors: inout [CaptureError]
    ) -> [(path: String, directory: String?)] {
        var candidates: [(path: String, directory: String?)] = []
        for path in paths {
            do throws(SystemError) {
                guard let directory = try CaptureDirectory(path: path) else {
                    candidates.append((path, nil))
                    continue
                }
                if directory.files.isEmpty { errors.append(withoutCaptures(path)) }
                candidates += directory.files.map { ($0, path) }
            } catch {
                errors.append(CaptureError(reading: path, CaptureFault(.system(error))))
            }
        }
        return candidates
    }

    private static func withoutCaptures(_ directory: String) -> CaptureError {
        CaptureError("\(directory): no capture file in this directory", path: directory)
    }

    /// Whether not one file could be opened.
    public var isEmpty: Bool { fileCount == 0 }

    deinit {
        files.deinitialize(count: fileCount)
        files.deallocate()
    }

    /// How many bytes of all files are consumed.
    public var position: UInt64 { (0..<fileCount).reduce(0) { $0 &+ files[$1].position } }

    /// The length of all files in bytes; `nil` where one of them is a pipe or a terminal.
    public var size: UInt64? {
        var sum: UInt64 = 0
        for index in 0..<fileCount {
            guard let size = files[index].size else { return nil }
            sum &+= size
        }
        return sum
    }

    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get {
            _overrideLifetime(packet.bytes, borrowing: self)
        }
    }

    public mutating func next() -> PacketHeader? {
        switch state {
        case .unread:
            for file in 0..<fileCount {
                if let header = nextHeader(of: file) { order.insert(MergeOrder.Entry(header: header, file: file)) }
            }
        case .at(let file) where fileCount == 1:
            // Nothing to merge.
            guard let header = nextHeader(of: file) else {
                state = .ended
                packet = UnsafeRawBufferPointer(start: nil, count: 0)
                return nil
            }
            packet = CaptureFiles.bytes(of: files[file])
            return header
        case .at(let file):
            order.replaceFirst(with: nextHeader(of: file))
        case .ended:
            return nil
        }
        guard let first = order.first else {
            state = .ended
            packet = UnsafeRawBufferPointer(start: nil, count: 0)
            return nil
        }
        state = .at(file: first.file)
        packet = CaptureFiles.bytes(of: files[first.file])
        count &+= 1
        var header = first.header
        header.number = PacketNumber(count)
        return header
    }

    private static func bytes(of file: borrowing CaptureFile) -> UnsafeRawBufferPointer {
        file.bytes.withUnsafeBytes { $0 }
    }

    @inline(__always)
    private mutating func nextHeader(of file: Int) -> PacketHeader? {
        let place = files + file
        do {
            return try place.pointee.next()
        } catch {
            errors.append(error)
            return nil
        }
    }
}
