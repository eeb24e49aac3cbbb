import TapWebSocket

/// The Remote Framebuffer Protocol, as noVNC speaks it through a proxy: a stream each way, whose messages need not begin with
/// those of WebSocket. RFC 6143, and https://github.com/rfbproto/rfbproto for what came later.
///
/// The length of some messages follows from what is in them alone: behind one that is not known no further ones are shown of
/// that side.
struct RFBAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.rfb
    var phase = Phase.serverVersion
    var minor = 8
    var format = RFBPixelFormat()
    /// Rectangles that are still to come of an update of the screen.
    var rectangles: Int?
    /// Whether updates may be under way.
    var hasAskedForUpdates = false
    var client = Stream()
    var server = Stream()

    /// What comes next; in the beginning both take turns.
    enum Phase {
        case serverVersion, clientVersion, securityTypes, chosenType, challenge, response, result, clientInit,
            serverInit
        case messages
        /// What comes cannot be told apart.
        case unknown

        var sender: Sender? {
            switch self {
            case .serverVersion, .securityTypes, .challenge, .result, .serverInit: .server
            case .clientVersion, .chosenType, .response, .clientInit: .client
            case .messages, .unknown: nil
            }
        }
    }

    /// What one side has sent and was not read yet.
    struct Stream: Sendable {
        var pending: [UInt8] = []
        /// Bytes of something that is under way, which nobody looks at.
        var toSkip = 0
        /// What it is where nobody is to read it.
        var secret: String?
        var isLost = false
    }

    /// Where a unit begins in the stream, and how much of it belongs to earlier messages.
    struct Place {
        let start: Int
        let earlier: Int
    }

    /// What is not whole yet is kept up to here.
    private static let longestPending = 1 << 13

    subscript(sender: Sender) -> Stream {
        get { sender == .client ? client : server }
        set { if sender == .client { client = newValue } else { server = newValue } }
    }

    /// A version of the protocol and nothing else, of the server, before anything else: both take turns.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard !first.isText, first.sender == .server, first.number == 1, first.bytes.count == 12,
            version(first.bytes[...]) != nil
        else {
            return nil
        }
        return "the server's ProtocolVersion"
    }

    /// The major and the minor version in `RFB 003.008` and a line's end.
    static func version(_ bytes: ArraySlice<UInt8>) -> (major: Int, minor: Int)? {
        guard bytes.starts(with: "RFB ".utf8), bytes.last == 0x0A else { return nil }
        let parts = bytes.dropFirst(4).dropLast().split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 3 && $0.allSatisfy { (0x30...0x39).contains($0) } }),
            let major = Int(String(decoding: parts[0], as: UTF8.self)), (3...5).contains(major),
            let minor = Int(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        return (major, minor)
    }

    mutating func lose(_ sender: Sender) {
        giveUp(sender)
        if phase.sender != nil { phase = .unknown }
    }

    /// Without what the client says of pixels nobody knows how long updates are.
    mutating func giveUp(_ sender: Sender) {
        server = Stream(isLost: true)
        if sender == .client { client = Stream(isLost: true) }
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        let sender = log.message.sender
        guard !self[sender].isLost, phase != .unknown else { return }
        let skipped = min(self[sender].toSkip, payload.count)
        self[sender].toSkip -= skipped
        if let kind = self[sender].secret, skipped > 0 {
            var item = ApplicationItem(.rfb, kind, summary: "\(kind) goes on")
            item.secrets = [0..<skipped]
            log.add(item)
        }
        let earlier = self[sender].pending.count - skipped
        var scanner = ByteScanner(self[sender].pending + payload.dropFirst(skipped))
        while !scanner.isAtEnd, !self[sender].isLost, phase != .unknown {
            guard phase.sender == nil || phase.sender == sender else { break }
            let start = scanner.index
            guard read(&scanner, Place(start: start, earlier: earlier), &log) else { break }
            let now = min(self[sender].toSkip, scanner.remaining)
            _ = scanner.take(now)
            self[sender].toSkip -= now
        }
        if self[sender].toSkip == 0 { self[sender].secret = nil }
        guard !self[sender].isLost else { return }
        self[sender].pending = Array(scanner.rest)
        if scanner.remaining > RFBAnnotator.longestPending { giveUp(sender) }
    }

    /// Reads one unit; `false` where it is not whole yet, and nothing is taken.
    private mutating func read(_ scanner: inout ByteScanner, _ place: Place, _ log: inout ConversationLog) -> Bool {
        var ahead = scanner
        let isWhole =
            if phase != .messages {
                handshake(&ahead, place, &log)
            } else if let rectangles, log.message.sender == .server {
                rectangle(&ahead, rectangles)
            } else {
                message(&ahead, place, &log)
            }
        if isWhole { scanner = ahead }
        return isWhole
    }

    /// A text behind its length; a longer one than this is no text.
    static func text(_ scanner: inout ByteScanner, _ length: UInt32) -> ArraySlice<UInt8>? {
        scanner.take(Int(clamping: length))
    }

    /// Where a part of a unit lies in the message that is being read.
    func secrets(_ place: Place, from first: Int, to end: Int) -> [Range<Int>] {
        let start = place.start - place.earlier
        let range = max(0, start + first)..<max(0, start + end)
        return range.isEmpty ? [] : [range]
    }
}
