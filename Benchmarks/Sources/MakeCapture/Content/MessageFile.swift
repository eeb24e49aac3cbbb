/// The compressed messages of a capture in order, for programs that only inflate: the number of the direction, the
/// length, both of four bytes in little-endian order, and the bytes.
struct MessageFile: ~Copyable {
    private var file: BlockFile

    init(path: String) throws(GeneratorError) { file = try BlockFile(path: path) }

    mutating func append(_ message: [UInt8], from direction: Int) {
        file.buffer.append(littleEndian: UInt32(direction))
        file.buffer.append(littleEndian: UInt32(message.count))
        file.buffer.append(contentsOf: message)
        file.flushWhenFull()
    }

    /// Writes what is left.
    mutating func finish() throws(GeneratorError) { try file.finish() }
}
