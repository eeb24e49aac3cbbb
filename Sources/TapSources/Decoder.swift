/// Decompresses a stream piece by piece.
protocol Decoder: AnyObject {
    /// Decodes as much of `input` as it likes to take and `output` has room for; `output` is never empty.
    ///
    /// Empty input asks for output that is still held back.
    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep
}

/// What one call of a ``Decoder`` came to.
struct DecoderStep {
    enum State: Equatable {
        /// In the middle of a stream. Where it is known how many bytes make the next whole piece, no more than these
        /// should be given: damage in the piece after it would cost its output.
        case inside(wanted: Int?)
        /// A stream has ended; the file may end here too, or another one may follow.
        case ended
        case failed(String)
    }

    let consumed: Int
    let produced: Int
    let state: State
}
