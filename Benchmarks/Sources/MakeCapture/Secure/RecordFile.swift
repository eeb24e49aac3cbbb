/// The records of application data of a capture in the order of its packets, for programs that only open them.
///
/// Each stands behind the number of its direction, its length (four bytes each) and its own number (eight), all in
/// little-endian order. The first of a direction is no record but its keys: the length of the key, the key, and the IV.
struct RecordFile: ~Copyable {
    private var file: BlockFile

    init(path: String, _ suite: TLSSuite) throws(GeneratorError) {
        file = try BlockFile(path: path)
        file.buffer.append(littleEndian: UInt32(suite.number))
    }

    mutating func append(_ key: TrafficKey, of direction: Int) {
        let bytes = [UInt8(key.key.count)] + key.key + key.iv
        append(bytes[...], number: 0, from: direction)
    }

    mutating func append(_ record: ArraySlice<UInt8>, number: UInt64, from direction: Int) {
        file.buffer.append(littleEndian: UInt32(direction))
        file.buffer.append(littleEndian: UInt32(record.count))
        file.buffer.append(littleEndian: number)
        file.buffer.append(contentsOf: record)
        file.flushWhenFull()
    }

    /// Writes what is left.
    mutating func finish() throws(GeneratorError) { try file.finish() }
}
