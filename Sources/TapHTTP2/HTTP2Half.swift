import TapCore

/// One direction of an HTTP/2 connection.
struct HTTP2Half {
    enum Reading {
        /// So many bytes of the client's preface were read.
        case preface(Int)
        case header
        case frame
        /// The next frame is sought.
        case searching
        case ignored
    }

    enum Decoding {
        /// Every insertion into the dynamic table was seen.
        case exact
        /// Some were not.
        case inside
        /// It failed too often.
        case given
    }

    var reading: Reading
    /// The frame that is being read, or was last. It stands beside ``reading`` so that to ask for that copies little.
    var frame = HTTP2FrameProgress.none
    /// The beginning of a frame's header, and the packet that it came in.
    var partialHeader: [UInt8] = []
    var partialPacket: PacketHeader?
    var search = HTTP2Search()
    /// Whether every frame was read from the beginning on, but for bytes of DATA.
    var isWhole: Bool
    var awaitsFirstFrame: Bool
    var isEnded = false

    // MARK: Fields

    var block: HTTP2HeaderBlock?
    var fields: FieldBlock
    var decoding: Decoding
    var inflater: FieldInflater?
    /// How often decoding began anew for another reason than a hole.
    var tableFaults = 0
    /// How large the sender has made its table, as far as it was looked at, in bytes.
    var tableSize = FieldInflater.usualTable

    // MARK: What this side announced

    var settings = HTTP2Settings()
    /// Those of the frame that is being read.
    var newSettings = HTTP2Settings()
    var settingsFrames: UInt64 = 0
    /// The largest values so far: a change counts for the peer from some time on that is not known exactly.
    var largestFrame = HTTP2FrameHeader.usualPayload
    var largestTable = FieldInflater.usualTable
    var hasEnabledConnect = false
    /// What each stream of the peer may send at first.
    var initialWindow: Int64 = 65_535
    /// How often that changed.
    var windowChanges = 0
    /// The initial windows that the peer did not acknowledge yet; `nil` where a frame of SETTINGS says none.
    var openSettings: [Int64?] = []
    var goAways = 0
    var lastGoAway: HTTP2Event?

    // MARK: What this side sent

    /// What it may send on all streams together.
    var window: Int64 = 65_535
    var exhausted: PacketHeader?
    /// Bytes of unknown streams.
    var lostBytes: UInt64 = 0

    init(reading: Reading, isWhole: Bool, limits: HTTP2Limits) {
        self.reading = reading
        self.isWhole = isWhole
        awaitsFirstFrame = isWhole
        decoding = isWhole ? .exact : .inside
        fields = FieldBlock(limit: limits.headBytes)
    }

    /// Steps over bytes in the middle of a frame whose payload nobody reads; returns whether it did.
    mutating func passOver(_ count: Int) -> Bool {
        guard case .frame = reading, frame.isSkipped, frame.prefixLeft == 0, frame.left > count else { return false }
        frame.left -= count
        return true
    }

    /// Whether all that it said is known, and it said something.
    var isKnown: Bool { isWhole && !awaitsFirstFrame }
}

/// A frame of which the payload is being read.
struct HTTP2FrameProgress {
    let header: HTTP2FrameHeader
    let firstPacket: PacketHeader
    /// Bytes of the payload that are still to come, those of the padding among them.
    var left: Int
    var padding = 0
    /// Bytes that are still to come of what is read as one number, and those that came.
    var prefixLeft: Int
    var prefix: UInt64 = 0
    /// Whether nothing of it is looked at.
    var isSkipped = false

    init(_ header: HTTP2FrameHeader, firstPacket: PacketHeader) {
        self.header = header
        self.firstPacket = firstPacket
        left = header.payloadLength
        prefixLeft = min(header.prefixLength, header.payloadLength)
    }

    static let none = HTTP2FrameProgress(
        HTTP2FrameHeader(InlineArray<9, UInt8>(repeating: 0).span.bytes),
        firstPacket: PacketHeader(
            number: PacketNumber(0), timestamp: Timestamp(nanoseconds: 0), linkType: .raw, originalLength: 0))

    /// Bytes that are still to come before the padding.
    var bodyLeft: Int { left - padding }
}

/// A header block that is being read: HEADERS or PUSH_PROMISE, and what CONTINUATION adds.
struct HTTP2HeaderBlock {
    let stream: HTTP2StreamID
    let isPush: Bool
    let endsStream: Bool
    let firstPacket: PacketHeader
    var bytes = 0
    /// Whether some of it is missing, or cannot be decoded.
    var isLost: Bool
    /// Whether it is a response on a stream that is not followed: its fields are not kept.
    var isPassedOver = false
}
