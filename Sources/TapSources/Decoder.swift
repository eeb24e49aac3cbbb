/// Decompresses a stream piece by piece.
protocol Decoder: AnyObject {
    /// Decodes as much of `input` as it likes to take and `output` has room for; `output` is never empty.
    ///
    /// Empty input asks for output that is still held back.
    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep
}
