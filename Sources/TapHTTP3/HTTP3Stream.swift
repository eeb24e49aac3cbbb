import TapCore
import TapHTTP2

/// The streams of one way that each peer has once, and never closes. RFC 9114 §6.2.1, RFC 9204 §4.2.
enum HTTP3CriticalStream: UInt64 {
    case control = 0
    case encoder = 2
    case decoder = 3

    var name: String {
        switch self {
        case .control: "control stream"
        case .encoder: "QPACK encoder stream"
        case .decoder: "QPACK decoder stream"
        }
    }
}

/// A stream of QUIC that carries HTTP/3. Its connection alone changes it, never twice at once.
final class HTTP3Stream {
    enum Kind {
        /// Its request did not come yet.
        case undecided
        case tunnel
        /// Its request is not known, and its data may tell.
        case candidate
        /// Of its request only the frames are of interest, and not what they carry.
        case ordinary
        /// It is stepped over.
        case ignored
    }

    /// What is expected next.
    enum Reading {
        /// The type of a stream of one way, of which some bytes came. RFC 9114 §6.2.
        case type([UInt8])
        /// Type and length of a frame, of which some bytes came. RFC 9114 §7.1.
        case header([UInt8])
        case payload(type: UInt64, left: UInt64)
        /// Instructions about the table of fields. RFC 9204 §4.2.
        case insertions
        /// It is not known where the next frame begins.
        case lost
        case ignored
    }

    struct Side {
        var reading: Reading
        /// Which of the streams of one way it is that each peer has once.
        var critical: HTTP3CriticalStream?
        /// Whether a frame has begun in a control stream.
        var hasFrame = false
        /// Whether a frame of SETTINGS has begun.
        var hasSettings = false
        /// Whether a frame of HEADERS has begun.
        var hasHeaders = false
        /// Whether nothing is concluded from its frames: an extension began the stream, or something between them cannot be read.
        var isUnjudged = false
        /// The field section, or other payload, that is being read; `nil` where it is too long or bytes of it are missing.
        var section: [UInt8]? = []
        var firstPacket: PacketHeader?
        /// The packet of its last byte.
        var sectionPacket: PacketHeader?
        /// A section waits for insertions, and what comes behind it waits, too.
        var waiting: [(bytes: [UInt8], packet: PacketHeader)]?
        var waitingBytes = 0
        /// Bytes behind a hole that are not read, and were not told yet.
        var unreadBytes: UInt64 = 0
        var isEnded = false
    }

    let id: UInt64
    @exclusivity(unchecked) var kind = Kind.undecided
    @exclusivity(unchecked) var sides: [Side]
    /// Whether a response was seen that is no interim one.
    @exclusivity(unchecked) var hasResponse = false
    /// Whether it was told that data come of it.
    @exclusivity(unchecked) var isTold = false
    /// How much was given to a receiver that cannot tell yet.
    @exclusivity(unchecked) var undecidedBytes = 0

    init(_ id: UInt64) {
        self.id = id
        let isOneWay = id & 2 != 0
        sides = (0..<2).map { _ in Side(reading: isOneWay ? .type([]) : .header([])) }
    }

    /// Whether a client asks for something on it. RFC 9000 §2.1.
    var isRequest: Bool { id & 3 == 0 }
    /// By which HTTP/2's events name it.
    var name: HTTP2StreamID { HTTP2StreamID(ofHTTP3: id) }
}

extension HTTP2StreamID {
    /// A stream of HTTP/3, the first of which has the number 0, which in HTTP/2 is that of the connection.
    package init(ofHTTP3 id: UInt64) { self.init(UInt32(truncatingIfNeeded: id + 1)) }

    /// The number of a stream of HTTP/3.
    package var numberInHTTP3: UInt32 { rawValue - 1 }

    /// Higher numbers have no name.
    static let highestOfHTTP3: UInt64 = 0x7FFF_FFFE
}
