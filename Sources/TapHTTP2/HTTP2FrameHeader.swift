import TapCore

/// The number of a stream, of 31 bits. RFC 9113 §5.1.1.
@usableFromInline
package struct HTTP2StreamID: Hashable, Sendable, Comparable {
    @usableFromInline package let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue & 0x7FFF_FFFF }

    /// The connection itself.
    package static let connection = HTTP2StreamID(0)

    /// Whether the client opens streams of such numbers.
    package var isOfClient: Bool { rawValue % 2 == 1 }

    @inlinable
    package static func < (left: HTTP2StreamID, right: HTTP2StreamID) -> Bool { left.rawValue < right.rawValue }
}

/// What kind of frame it is. RFC 9113 §6.
package enum HTTP2FrameType: Equatable, Sendable {
    case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
    case unknown(UInt8)

    init(_ code: UInt8) {
        switch code {
        case 0: self = .data
        case 1: self = .headers
        case 2: self = .priority
        case 3: self = .resetStream
        case 4: self = .settings
        case 5: self = .pushPromise
        case 6: self = .ping
        case 7: self = .goAway
        case 8: self = .windowUpdate
        case 9: self = .continuation
        case _: self = .unknown(code)
        }
    }
}

/// The nine bytes before each frame's payload. RFC 9113 §4.1.
package struct HTTP2FrameHeader: Equatable, Sendable {
    /// In bytes.
    package static let length = 9
    /// How long a payload may be where its receiver said nothing else, in bytes. RFC 9113 §4.2.
    package static let usualPayload = 16_384

    package let payloadLength: Int
    package let type: HTTP2FrameType
    package let flags: UInt8
    package let stream: HTTP2StreamID
    package let hasReservedBit: Bool

    /// - Parameter bytes: at least nine.
    package init(_ bytes: RawSpan) {
        payloadLength = Int(bytes.uint32(at: 0) >> 8)
        type = HTTP2FrameType(bytes.uint8(at: 3))
        flags = bytes.uint8(at: 4)
        let number = bytes.uint32(at: 5)
        stream = HTTP2StreamID(number)
        hasReservedBit = number >> 31 == 1
    }

    private func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

    var endsStream: Bool { (type == .data || type == .headers) && has(0x1) }
    var isAcknowledgement: Bool { (type == .settings || type == .ping) && has(0x1) }
    var isPadded: Bool { (type == .data || type == .headers || type == .pushPromise) && has(0x8) }
    var hasPriority: Bool { type == .headers && has(0x20) }

    /// Whether it carries a header block, or a part of one.
    var hasFields: Bool {
        switch type {
        case .headers, .pushPromise, .continuation: true
        case .data, .priority, .resetStream, .settings, .ping, .goAway, .windowUpdate, .unknown: false
        }
    }

    var endsHeaders: Bool { hasFields && has(0x4) }

    /// The flags that its type defines.
    private var definedFlags: UInt8 {
        switch type {
        case .data: 0x9
        case .headers: 0x2D
        case .settings, .ping: 0x1
        case .pushPromise: 0xC
        case .continuation: 0x4
        case .priority, .resetStream, .goAway, .windowUpdate: 0
        case .unknown: 0xFF
        }
    }

    /// How many bytes of the payload come before the part whose length depends on the frame's.
    var prefixLength: Int {
        switch type {
        case .data: isPadded ? 1 : 0
        case .headers: (isPadded ? 1 : 0) + (hasPriority ? 5 : 0)
        case .pushPromise: (isPadded ? 1 : 0) + 4
        case .resetStream, .windowUpdate: 4
        case .goAway: 8
        case .settings: isAcknowledgement ? 0 : 6
        case .priority, .ping, .continuation, .unknown: 0
        }
    }

    /// Whether its payload can have this length. RFC 9113 §6.
    var hasPossibleLength: Bool {
        switch type {
        case .priority: payloadLength == 5
        case .resetStream, .windowUpdate: payloadLength == 4
        case .settings: isAcknowledgement ? payloadLength == 0 : payloadLength % 6 == 0
        case .ping: payloadLength == 8
        case .goAway: payloadLength >= 8
        case .data, .headers, .pushPromise: payloadLength >= prefixLength
        case .continuation, .unknown: true
        }
    }

    /// Whether it belongs to a stream, or to the connection, as its type has it. RFC 9113 §6.
    var hasPossibleStream: Bool {
        switch type {
        case .data, .headers, .priority, .resetStream, .pushPromise, .continuation: stream != .connection
        case .settings, .ping, .goAway: stream == .connection
        case .windowUpdate, .unknown: true
        }
    }

    /// Whether bytes where frames are sought can be such a header; stricter than what a peer may send.
    func isLikely(longest: Int) -> Bool {
        guard payloadLength <= longest, !hasReservedBit, hasPossibleLength, hasPossibleStream,
            flags & ~definedFlags == 0
        else { return false }
        switch type {
        case .unknown, .pushPromise: return false
        // An empty one that says nothing is what runs of zeros look like.
        case .data: return stream.isOfClient && (payloadLength > 0 || endsStream)
        case .headers, .continuation: return stream.isOfClient && payloadLength > 0
        case .settings: return payloadLength <= 600 && (payloadLength > 0 || isAcknowledgement)
        case .goAway: return payloadLength <= 1_024
        case .priority, .resetStream, .ping, .windowUpdate: return true
        }
    }
}
