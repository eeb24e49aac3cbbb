import TapCore

/// Reads a compressed file and gives what it decompresses to, in pieces as they are there.
///
/// Memory is bounded: one buffer of compressed bytes, as large as a piece at least, and the window of the decoder.
final class Decompression {
    private static let firstPiece = 4

    private let format: CompressionFormat
    private let checksum: FileChecksum?
    private let decoder: any Decoder
    private var input: [UInt8]
    private var start = 0
    private var end: Int
    /// Between two streams, where the file may end.
    private var isBetween = true
    /// More output may be there without more input.
    private var holdsOutput = false
    /// The bytes that are still to come of the piece that the decoder waits for; `nil` where it knows of no pieces.
    private var wanted: Int? = firstPiece
    /// Where in the file that piece begins.
    private var pieceStart: UInt64
    private var reason: String?

    /// How many bytes of the file are decoded.
    private(set) var position: UInt64

    /// `begin` is what was read of the file at `position`; `capacity` bytes are read at a time, and taken up by
    /// `checksum`.
    init(
        _ format: CompressionFormat, begin: RawSpan, at position: UInt64, capacity: Int, _ checksum: FileChecksum?
    ) throws(CaptureFault) {
        self.format = format
        self.checksum = checksum
        decoder = try format.makeDecoder()
        end = begin.byteCount
        input = [UInt8](repeating: 0, count: max(capacity, end))
        input.withUnsafeMutableBytes { input in begin.withUnsafeBytes { input.copyMemory(from: $0) } }
        self.position = position
        pieceStart = position
    }

    /// Writes decompressed bytes to `output`, at least one; answers their number, and 0 at the file's end.
    func read(
        from file: borrowing FileDescriptor, into output: UnsafeMutableRawBufferPointer
    ) throws(CaptureFault) -> Int {
        while true {
            if let reason { throw CaptureFault(.compressionDamaged(format, reason), at: pieceStart) }
            if !holdsOutput {
                while end - start < wanted ?? 1, try readMore(from: file) {}
                guard start < end else {
                    guard isBetween else { throw CaptureFault(.compressionCutOff(format), at: position) }
                    return 0
                }
            }
            let produced = step(into: output)
            if produced > 0 { return produced }
        }
    }

    /// Reads on behind what is not decoded yet, which may be a part of a piece: given a piece in parts, a decoder may give
    /// more before damage than where it is given the whole.
    private func readMore(from file: borrowing FileDescriptor) throws(CaptureFault) -> Bool {
        moveToFront()
        if end == input.count { input += repeatElement(0, count: min(end, (wanted ?? end) - end)) }
        let outcome = input.withUnsafeMutableBytes { [end, checksum] input in
            Result { () throws(SystemError) in
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[end...]), checksum)
            }
        }
        do {
            let count = try outcome.get()
            end += count
            return count > 0
        } catch {
            throw CaptureFault(.system(error))
        }
    }

    private func moveToFront() {
        input.withUnsafeMutableBytes { [start, end] input in
            input.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[start..<end]))
        }
        (start, end) = (0, end - start)
    }

    private func step(into output: UnsafeMutableRawBufferPointer) -> Int {
        // With output held back, the next piece would come into the same call.
        let given = holdsOutput && wanted != nil ? 0 : min(wanted ?? .max, end - start)
        let step = input.withUnsafeBytes { input in
            decoder.decode(UnsafeRawBufferPointer(rebasing: input[start..<start + given]), into: output)
        }
        let isStuck = step.consumed == 0 && step.produced == 0 && given > 0
        start += step.consumed
        position &+= UInt64(step.consumed)
        holdsOutput = step.produced == output.count && step.state != .ended
        isBetween = step.state == .ended
        follow(step)
        if isStuck, reason == nil, !holdsOutput { reason = "it cannot be decoded" }
        return step.produced
    }

    /// Keeps count of the pieces, so that damage is told by where its piece begins, however the file was read.
    private func follow(_ step: DecoderStep) {
        let rest = wanted.map { $0 - step.consumed }
        switch step.state {
        case .failed(let why):
            reason = why
            if wanted == nil { pieceStart = position }
        case .ended:
            (wanted, pieceStart) = (Decompression.firstPiece, position)
        case .inside(let next):
            if let next, let rest, rest > 0 {
                wanted = min(next, rest)
            } else {
                (wanted, pieceStart) = (next, position)
            }
        }
    }
}
