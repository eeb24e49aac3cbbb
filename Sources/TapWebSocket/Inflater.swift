import CZlib
import TapCore

/// Inflates the messages of one peer, each as bytes come, with the window that permessage-deflate keeps between them.
/// RFC 7692 §7.2.2.
///
/// Costs about 7 KB and, once something was inflated, a window of at most 32 KB.
package final class Inflater {
    package enum Progress: Equatable {
        /// The output is full; there may be more.
        case output
        /// All input is used up.
        case waiting
        /// This is not DEFLATE, or it refers to bytes before the window. The window is lost.
        case failed(String)
    }

    /// zlib's state points back to it, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    /// What a sender takes away from the end of each message. RFC 7692 §7.2.1.
    package static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
    private var hasEndedBlock = false
    private let pool: InflaterPool
    private var watch: WindowWatch?

    /// Answers `nil` where there is no memory.
    init?(windowBits: Int, of pool: InflaterPool) {
        self.pool = pool
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, -Int32(clamping: windowBits), ZLIB_VERSION, size) == Z_OK else { return nil }
    }

    deinit {
        pool.giveBack()
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Forgets what was inflated before.
    package func reset() {
        inflateReset(stream)
        hasEndedBlock = false
        watch?.reset()
    }

    /// Looks from now on at how far back messages refer. To be called before the first one.
    package func watchDistances(windowBits: Int) { watch = WindowWatch(windowBits: windowBits) }

    /// The message is over, and was inflated to its end: answers the farthest that it refers back, in bytes, if it is watched
    /// and that is beyond the window.
    package func finishWatching() -> Int? { watch?.finishMessage() }

    /// Inflates bytes from `offset` on into `output`, whose count says how much fits.
    ///
    /// Answers with the number of bytes written to `output`.
    package func inflate(_ bytes: RawSpan, from offset: inout Int, into output: inout [UInt8]) -> (Int, Progress) {
        let start = offset
        let result = bytes.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in step(input, &offset, output) }
        }
        watch?.receive(bytes.extracting(start..<offset), inflatedTo: result.0)
        return result
    }

    /// Ends a message: puts back the tail that its sender took away. To be called until it answers ``Progress/waiting``.
    package func finish(from offset: inout Int, into output: inout [UInt8]) -> (Int, Progress) {
        // A final block ended just here: there is no empty block whose rest the tail would be. RFC 7692 §7.2.3.4.
        if offset == 0, hasEndedBlock {
            hasEndedBlock = false
            return (0, .waiting)
        }
        let (count, progress) = inflate(Inflater.tail.span.bytes, from: &offset, into: &output)
        return (count, ended(progress))
    }

    /// Inflates a whole message together with its ``tail``: what ``inflate(_:from:into:)`` and ``finish(from:into:)`` do,
    /// in one call of zlib, each of which takes as long as a short message. To be called until it answers
    /// ``Progress/waiting``.
    package func inflate(
        whole bytes: RawSpan, from offset: inout Int, into output: inout [UInt8]
    ) -> (Int, Progress) {
        let tailStart = bytes.byteCount - Inflater.tail.count
        let (count, progress) = bytes.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in step(input, &offset, output, upTo: tailStart) }
        }
        watch?.receive(upToHere: bytes.upTo(offset), inflatedTo: count)
        if hasEndedBlock, offset == tailStart {
            offset = bytes.byteCount
            hasEndedBlock = false
            return (count, .waiting)
        }
        // The output may be full just where the tail ends; zlib knows only now that a block has ended there, too.
        let isOver = offset == bytes.byteCount && stream.pointee.data_type & 128 != 0
        return (count, ended(isOver && progress == .output ? .waiting : progress))
    }

    /// How it goes once the tail was put back.
    private func ended(_ progress: Progress) -> Progress {
        hasEndedBlock = false
        guard case .waiting = progress, stream.pointee.data_type & 128 == 0 else { return progress }
        return .failed("the message ends in the middle of a block")
    }

    /// - Parameter end: where nothing more follows if a final block has ended there.
    private func step(
        _ input: UnsafeRawBufferPointer, _ offset: inout Int, _ output: UnsafeMutableRawBufferPointer,
        upTo end: Int? = nil
    ) -> (Int, Progress) {
        var written = 0
        while true {
            let rest = UnsafeRawBufferPointer(rebasing: input[offset...])
            let room = UnsafeMutableRawBufferPointer(rebasing: output[written...])
            guard !room.isEmpty else { return (written, .output) }
            // zlib does not write to its input, whatever the type says.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: rest.assumingMemoryBound(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(clamping: rest.count)
            stream.pointee.next_out = room.assumingMemoryBound(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(clamping: room.count)
            let status = CZlib.inflate(stream, Z_SYNC_FLUSH)
            let used = min(rest.count, Int(UInt32.max)) - Int(stream.pointee.avail_in)
            offset += used
            written += room.count - Int(stream.pointee.avail_out)
            if used > 0 { hasEndedBlock = false }
            switch status {
            case Z_STREAM_END:
                // A block with BFINAL ends the stream, but not the window.
                inflateResetKeep(stream)
                hasEndedBlock = true
                if offset == end ?? input.count { return (written, .waiting) }
            case Z_OK, Z_BUF_ERROR:
                if stream.pointee.avail_out == 0 { return (written, .output) }
                return (written, .waiting)
            default:
                return (written, .failed(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"))
            }
        }
    }
}
