/// Decodes by a library that gives more before damage, or less, where other numbers of bytes are there at a time.
///
/// It hands the library pieces of one size, and room of one size: so the same file always gives the same bytes.
final class SteadyDecoder: Decoder {
    private static let pieceLength = 1_024
    private static let room = 64 << 10

    private let decoder: any Decoder
    private var piece: [UInt8] = []
    /// How much of the piece is decoded.
    private var place = 0
    private var output = [UInt8](repeating: 0, count: room)
    /// The piece's length, until it is told to be consumed: once it is decoded, so that damage in it is at its place, whatever
    /// the room for output.
    private var owed = 0
    /// What of the output is not given away yet.
    private var held = 0..<0
    /// The library filled its room, so that it may hold more back.
    private var isFull = false
    private var state = DecoderStep.State.ended

    init(_ decoder: any Decoder) { self.decoder = decoder }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
        var produced = 0
        while produced < output.count {
            guard held.isEmpty else {
                produced += give(to: UnsafeMutableRawBufferPointer(rebasing: output[produced...]))
                continue
            }
            if case .failed = state { break }
            if place == piece.count, !isFull {
                guard owed == 0, !input.isEmpty else { break }
                (piece, place, owed) = (Array(input), 0, input.count)
            }
            step()
        }
        let consumed = isDone ? owed : 0
        owed -= consumed
        return DecoderStep(consumed: consumed, produced: produced, state: outwardState)
    }

    /// Whether all of the piece is decoded, and given away.
    private var isDone: Bool { held.isEmpty && !isFull && place == piece.count }

    private var outwardState: DecoderStep.State {
        switch state {
        case .failed where held.isEmpty, .ended where isDone: return state
        case .failed, .ended, .inside: return .inside(wanted: SteadyDecoder.pieceLength)
        }
    }

    private func give(to target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(held.count, target.count)
        output.withUnsafeBytes { output in
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: output[held.prefix(count)]))
        }
        held = held.dropFirst(count)
        return count
    }

    private func step() {
        let step = piece.withUnsafeBytes { [place] piece in
            output.withUnsafeMutableBytes { [decoder] output in
                decoder.decode(UnsafeRawBufferPointer(rebasing: piece[place...]), into: output)
            }
        }
        let isStuck = step.consumed == 0 && step.produced == 0 && place < piece.count
        place += step.consumed
        held = 0..<step.produced
        state = isStuck && step.state == .inside(wanted: nil) ? .failed("it cannot be decoded") : step.state
        isFull = step.produced == SteadyDecoder.room && step.state != .ended
    }
}
