/// Puts connections inside TLS: each segment in the clear becomes those that carry the same there.
///
/// What is said is byte for byte what it would be without TLS, since chance that decides about TLS is a source of its own.
struct SecureLayer: ~Copyable {
    private let suite: TLSSuite
    private let recordSize: Int
    private let isStream: Bool
    let sealer: RecordSealer
    private var random: RandomSource
    private var flows: [UInt64: SecureFlow] = [:]
    private var opened = 0
    private var keyLog: BlockFile
    /// Where the records are written, too.
    var records: RecordFile?

    /// - Parameters:
    ///   - isStream: whether records go on over segments as long as these are full.
    ///   - keyLog: where the secrets are written.
    init(
        _ suite: TLSSuite, recordSize: Int, isStream: Bool, seed: UInt64, keyLog: String
    ) throws(GeneratorError) {
        self.suite = suite
        self.recordSize = recordSize
        self.isStream = isStream
        sealer = RecordSealer(suite)
        random = RandomSource(seed: ~seed)
        self.keyLog = try BlockFile(path: keyLog)
    }

    /// The segments that take the place of one.
    mutating func packets(for segment: TCPSegment, payload: ArraySlice<UInt8>) -> [TCPPacket] {
        let (source, destination) = (segment.header.source.name, segment.header.destination.name)
        if segment.flags.contains(.synchronize), !segment.flags.contains(.acknowledge) {
            flows[source] = SecureFlow(
                number: opened, recordSize: recordSize, isStream: isStream, openedBy: segment)
            opened += 1
        }
        let side: Side = flows[source] == nil ? .server : .client
        let client = side == .client ? source : destination
        guard var flow = flows.removeValue(forKey: client) else { return [] }
        let packets = flow.packets(for: segment, payload: payload, from: side, in: &self)
        flows[client] = flow
        return packets
    }

    /// Secrets for a connection.
    mutating func makeSession(of number: Int) -> TLSSession {
        let session = TLSSession(suite, sealer: sealer, random: &random)
        keyLog.buffer += Array(session.log.utf8)
        keyLog.flushWhenFull()
        records?.append(session.keys.client, of: 2 * number)
        records?.append(session.keys.server, of: 2 * number + 1)
        return session
    }

    /// How many records carry so many bytes, and how long they are.
    func extent(of count: Int) -> (records: Int, length: Int) {
        let records = (count + recordSize - 1) / recordSize
        return (records, count + records * sealer.recordLength(0))
    }

    /// Records that carry bytes, numbered from `first` on.
    mutating func records(
        of content: ArraySlice<UInt8>, from first: UInt64, of direction: Int, _ key: TrafficKey?
    ) -> [UInt8] {
        guard let key else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(extent(of: content.count).length)
        var number = first
        for start in stride(from: content.startIndex, to: content.endIndex, by: recordSize) {
            let length = bytes.count
            let part = content[start..<min(start + recordSize, content.endIndex)]
            sealer.append(part, type: .applicationData, number: number, with: key, to: &bytes)
            records?.append(bytes[length...], number: number, from: direction)
            number += 1
        }
        return bytes
    }

    /// Writes what is left.
    mutating func finish() throws(GeneratorError) {
        try keyLog.finish()
        try records?.finish()
    }
}
