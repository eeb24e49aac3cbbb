/// What all conversations of a capture share: the file, the clock, chance, content and the counts.
struct Wire: ~Copyable {
    /// 2026-01-01 00:00:00 UTC.
    private static let firstMoment: UInt64 = 1_767_225_600_000_000

    var file: PcapFile
    var random: RandomSource
    var truth = Truth()
    /// Where compressed messages go, too.
    var messages: MessageFile?

    /// How many bytes wait to be sent, over all conversations.
    var queuedBytes = 0

    let corpus: Corpus
    /// What puts connections inside TLS; `nil` where they are in the clear.
    var secure: SecureLayer?
    /// How many bytes of the file are there because of TLS or HTTP/2.
    private var securedBytes = 0
    /// What puts connections into streams of HTTP/2; `nil` where they are connections of their own.
    var streams: StreamLayer?
    private let longestPause: UInt64
    private var microseconds = firstMoment

    /// The time in milliseconds, as TCP timestamps count it.
    var milliseconds: UInt32 { UInt32(truncatingIfNeeded: microseconds / 1000) }

    /// How long the capture is so far, or would be without TLS and HTTP/2: what is said is the same then.
    var size: Int { file.size - securedBytes }

    /// - Parameter longestPause: the most microseconds that may pass between two packets.
    init(file: consuming PcapFile, seed: UInt64, longestPause: UInt64) {
        self.file = file
        self.longestPause = longestPause
        var random = RandomSource(seed: seed)
        corpus = Corpus(random: &random)
        self.random = random
    }

    /// Puts a packet into the capture, a little later than the last one.
    mutating func transmit(_ segment: TCPSegment, payload: ArraySlice<UInt8>) {
        tick()
        let carriers =
            streams?.packets(for: segment, payload: payload) ?? secure?.packets(for: segment, payload: payload)
        guard let carriers else {
            file.append(at: microseconds) { segment.encode(payload: payload, into: &$0) }
            return
        }
        let before = file.size
        for packet in carriers {
            file.append(at: microseconds) { packet.segment.encode(payload: packet.payload, into: &$0) }
            microseconds += 1
        }
        let clear = PcapFile.recordHeaderLength + segment.length(carrying: payload.count)
        securedBytes += file.size - before - clear
    }

    /// Puts a packet into the capture, a little later than the last one.
    mutating func transmit(_ datagram: UDPDatagram, payload: [UInt8]) {
        tick()
        file.append(at: microseconds) { datagram.encode(payload: payload, into: &$0) }
    }

    private mutating func tick() {
        microseconds += 1 + UInt64(random.next(below: Int(longestPause)))
    }
}
