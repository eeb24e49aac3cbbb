import TapWebSocket

/// The Remote Framebuffer Protocol, as noVNC speaks it through a proxy: a stream each way, whose messages need not begin with
/// those of WebSocket. RFC 6143, and https://github.com/rfbproto/rfbproto for what came later.
///
/// The length of some messages follows from what is in them alone: behind one that is not known no further ones are shown of
/// that side.
struct RFBAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.rfb
    private var phase = Phase.serverVersion
    private var minor = 8
    private var format = RFBPixelFormat()
    /// Rectangles that are still to come of an update of the screen.
    private var rectangles: Int?
    /// Whether updates may be under way.
    private var hasAskedForUpdates = false
    private var client = Stream()
    private var server = Stream()

    /// What comes next; in the beginning both take turns.
    private enum Phase {
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
    private struct Stream: Sendable {
        var pending: [UInt8] = []
        /// Bytes of something that is under way, which nobody looks at.
        var toSkip = 0
        /// What it is where nobody is to read it.
        var secret: String?
        var isLost = false
    }

    /// Where a unit begins in the stream, and how much of it belongs to earlier messages.
    private struct Place {
        let start: Int
        let earlier: Int
    }

    /// What is not whole yet is kept up to here.
    private static let longestPending = 1 << 13

    private subscript(sender: Sender) -> Stream {
        get { sender == .client ? client : server }
        set { if sender == .client { client = newValue } else { server = newValue } }
    }

    /// A version of the protocol and nothing else, of the server.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard !first.isText, first.sender == .server, first.bytes.count == 12, version(first.bytes[...]) != nil else {
            return nil
        }
        return "the server's ProtocolVersion"
    }

    /// The major and the minor version in `RFB 003.008` and a line's end.
    private static func version(_ bytes: ArraySlice<UInt8>) -> (major: Int, minor: Int)? {
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
    private mutating func giveUp(_ sender: Sender) {
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
            } else if log.message.sender == .client {
                clientMessage(&ahead, place, &log)
            } else if let rectangles {
                rectangle(&ahead, rectangles)
            } else {
                serverMessage(&ahead, place, &log)
            }
        if isWhole { scanner = ahead }
        return isWhole
    }

    // MARK: Beginning

    private mutating func handshake(
        _ scanner: inout ByteScanner, _ place: Place, _ log: inout ConversationLog
    ) -> Bool {
        switch phase {
        case .serverVersion, .clientVersion:
            guard let bytes = scanner.take(12) else { return false }
            guard let (major, minor) = RFBAnnotator.version(bytes) else {
                phase = .unknown
                log.addMalformed(.rfb, "no ProtocolVersion", at: max(0, place.start - place.earlier))
                return true
            }
            var item = ApplicationItem(.rfb, "ProtocolVersion", name: "\(major).\(minor)")
            item.summary = "ProtocolVersion \(major).\(minor)"
            turn(
                &item, phase == .clientVersion ? "version" : nil, asks: phase == .serverVersion ? "version" : nil, &log)
            // Other numbers than these are read as 3.3. RFC 6143 §7.1.1.
            if phase == .clientVersion { self.minor = major > 3 ? 8 : minor == 7 || minor == 8 ? minor : 3 }
            phase = phase == .serverVersion ? .clientVersion : .securityTypes
        case .securityTypes: return securityTypes(&scanner, &log)
        case .chosenType:
            guard let type = scanner.byte() else { return false }
            let name = RFBAnnotator.securityName(UInt32(type))
            var item = ApplicationItem(.rfb, "SecurityType", name: name, summary: "SecurityType \(name)")
            turn(&item, "security", asks: type == 1 && minor >= 8 ? "result" : nil, &log)
            proceed(with: UInt32(type))
        case .challenge:
            guard scanner.take(16) != nil else { return false }
            var item = ApplicationItem(.rfb, "Challenge", summary: "Challenge")
            turn(&item, nil, asks: "challenge", &log)
            phase = .response
        case .response:
            guard scanner.take(16) != nil else { return false }
            var item = ApplicationItem(.rfb, "Response", summary: "Response")
            item.secrets = secrets(place, from: 0, to: 16)
            turn(&item, "challenge", asks: "result", &log)
            phase = .result
        case .result: return result(&scanner, &log)
        case .clientInit:
            guard let shared = scanner.byte() else { return false }
            var item = ApplicationItem(
                .rfb, "ClientInit", summary: "ClientInit \(shared == 0 ? "exclusive" : "shared")")
            turn(&item, nil, asks: "init", &log)
            phase = .serverInit
        case .serverInit:
            guard let width = scanner.number(UInt16.self), let height = scanner.number(UInt16.self),
                let format = RFBPixelFormat(&scanner), let length = scanner.number(UInt32.self),
                let name = RFBAnnotator.text(&scanner, length)
            else { return false }
            self.format = format
            var item = ApplicationItem(.rfb, "ServerInit", name: Excerpt.text(name))
            item.show("size", "\(width)x\(height)")
            item.summary = "ServerInit \(width)x\(height) \(Excerpt.text(name))"
            turn(&item, "init", asks: nil, &log)
            phase = .messages
        case .messages, .unknown: return false
        }
        return true
    }

    /// From version 3.7 on the server offers, before it decides.
    private mutating func securityTypes(_ scanner: inout ByteScanner, _ log: inout ConversationLog) -> Bool {
        var item = ApplicationItem(.rfb, "SecurityTypes")
        if minor < 7 {
            guard let type = scanner.number(UInt32.self) else { return false }
            if type == 0 { return refusal(&scanner, &item, &log) }
            item.name = RFBAnnotator.securityName(type)
            proceed(with: type)
        } else {
            guard let count = scanner.byte() else { return false }
            if count == 0 { return refusal(&scanner, &item, &log) }
            guard let types = scanner.take(Int(count)) else { return false }
            item.name = types.map { RFBAnnotator.securityName(UInt32($0)) }.joined(separator: ", ")
            phase = .chosenType
        }
        item.summary = "SecurityTypes \(item.name ?? "")"
        turn(&item, nil, asks: phase == .chosenType ? "security" : nil, &log)
        return true
    }

    private mutating func proceed(with type: UInt32) {
        switch type {
        case 1: phase = minor >= 8 ? .result : .clientInit
        case 2: phase = .challenge
        // The others have words of their own.
        default: phase = .unknown
        }
    }

    private mutating func result(_ scanner: inout ByteScanner, _ log: inout ConversationLog) -> Bool {
        guard let code = scanner.number(UInt32.self) else { return false }
        var item = ApplicationItem(.rfb, "SecurityResult", name: code == 0 ? "OK" : "failed")
        if code != 0, minor >= 8 { return refusal(&scanner, &item, answers: "result", &log) }
        item.summary = code == 0 ? "SecurityResult OK" : "SecurityResult failed"
        turn(&item, "result", asks: nil, &log) { item, log in
            if code != 0 { log.mark(&item, failedWith: String(code), nil) }
        }
        phase = code == 0 ? .clientInit : .unknown
        return true
    }

    /// The server says why it does not go on.
    private mutating func refusal(
        _ scanner: inout ByteScanner, _ item: inout ApplicationItem, answers: String? = nil,
        _ log: inout ConversationLog
    ) -> Bool {
        guard let length = scanner.number(UInt32.self), let reason = RFBAnnotator.text(&scanner, length) else {
            return false
        }
        let text = Excerpt.text(reason)
        item.summary = "\(item.kind) failed: \(text)"
        turn(&item, answers, asks: nil, &log) { item, log in log.mark(&item, failedWith: nil, text) }
        phase = .unknown
        return true
    }

    /// Adds an item that answers what the other side said in its turn, and asks for the next. Nobody is accused of silence: a
    /// person may have to type a password.
    private func turn(
        _ item: inout ApplicationItem, _ answered: String?, asks next: String?, _ log: inout ConversationLog,
        _ mark: (inout ApplicationItem, inout ConversationLog) -> Void = { _, _ in }
    ) {
        if let answered { log.answer(&item, .transaction(answered), id: "") }
        mark(&item, &log)
        if let next { log.ask(item, .transaction(next), id: "", demandsAnswer: false) }
        log.add(item)
    }

    private static func securityName(_ type: UInt32) -> String {
        switch type {
        case 1: "None"
        case 2: "VNC Authentication"
        case 5, 6: "RA2"
        case 16: "Tight"
        case 18: "TLS"
        case 19: "VeNCrypt"
        case 20: "SASL"
        case 22: "XVP"
        case 30: "Apple"
        case 129: "Tight Unix"
        default: "type \(type)"
        }
    }

    // MARK: Messages

    private mutating func clientMessage(
        _ scanner: inout ByteScanner, _ place: Place, _ log: inout ConversationLog
    ) -> Bool {
        guard let type = scanner.byte() else { return false }
        var item = ApplicationItem(.rfb, "")
        var words: [String] = []
        switch type {
        case 0:
            guard scanner.take(3) != nil, let format = RFBPixelFormat(&scanner) else { return false }
            // What is under way is of the old one.
            if hasAskedForUpdates { giveUp(.server) }
            self.format = format
            item.kind = "SetPixelFormat"
            words = ["\(format.bitsPerPixel) bits"]
        case 2:
            guard scanner.take(1) != nil, let count = scanner.number(UInt16.self) else { return false }
            client.toSkip = Int(count) * 4
            item.kind = "SetEncodings"
            words = ["\(count)"]
        case 3:
            guard let isIncremental = scanner.byte(), let area = RFBArea(&scanner) else { return false }
            item.kind = "FramebufferUpdateRequest"
            hasAskedForUpdates = true
            words = [isIncremental == 0 ? "whole" : "incremental", area.text]
        case 4:
            guard let isDown = scanner.byte(), scanner.take(6) != nil else { return false }
            // Which key it is may be a letter of a password.
            item.kind = "KeyEvent"
            item.secrets = secrets(place, from: 4, to: 8)
            words = [isDown == 0 ? "up" : "down"]
        case 5:
            guard let buttons = scanner.byte(), let x = scanner.number(UInt16.self), let y = scanner.number(UInt16.self)
            else { return false }
            item.kind = "PointerEvent"
            words = ["\(x),\(y)"] + (buttons == 0 ? [] : ["buttons \(buttons)"])
        case 6:
            guard let length = RFBAnnotator.clipboard(&scanner) else { return false }
            item.kind = "ClientCutText"
            item.secrets = secrets(place, from: 8, to: 8 + min(length, scanner.remaining))
            (client.toSkip, client.secret) = (length, item.kind)
            words = [Excerpt.size(length)]
        case 150:
            guard let isOn = scanner.byte(), let area = RFBArea(&scanner) else { return false }
            item.kind = "EnableContinuousUpdates"
            words = [isOn == 0 ? "off" : "on", area.text]
        case 248:
            guard RFBAnnotator.fence(&scanner) else { return false }
            item.kind = "ClientFence"
        case 250:
            guard scanner.take(3) != nil else { return false }
            item.kind = "ClientXVP"
        case 251:
            guard scanner.take(1) != nil, let width = scanner.number(UInt16.self),
                let height = scanner.number(UInt16.self), let count = scanner.byte(), scanner.take(1) != nil
            else { return false }
            client.toSkip = Int(count) * 16
            item.kind = "SetDesktopSize"
            words = ["\(width)x\(height)"]
        case 255 where scanner.next.map { $0 == 0 } ?? true:
            guard scanner.take(1) != nil, let isDown = scanner.number(UInt16.self), scanner.take(8) != nil else {
                return false
            }
            item.kind = "QEMUExtendedKeyEvent"
            item.secrets = secrets(place, from: 4, to: 12)
            words = [isDown == 0 ? "up" : "down"]
        default:
            giveUp(.client)
            return true
        }
        item.summary = ([item.kind] + words).joined(separator: " ")
        log.add(item)
        return true
    }

    private mutating func serverMessage(
        _ scanner: inout ByteScanner, _ place: Place, _ log: inout ConversationLog
    ) -> Bool {
        guard let type = scanner.byte() else { return false }
        var item = ApplicationItem(.rfb, "")
        var words: [String] = []
        switch type {
        case 0:
            guard scanner.take(1) != nil, let count = scanner.number(UInt16.self) else { return false }
            item.kind = "FramebufferUpdate"
            rectangles = count == 0 ? nil : Int(count)
            // Where nobody knows how many, the last one says so.
            words = count == .max ? [] : ["\(count) \(count == 1 ? "rectangle" : "rectangles")"]
        case 1:
            guard scanner.take(3) != nil, let count = scanner.number(UInt16.self) else { return false }
            server.toSkip = Int(count) * 6
            item.kind = "SetColorMapEntries"
            words = ["\(count)"]
        case 2: item.kind = "Bell"
        case 3:
            guard let length = RFBAnnotator.clipboard(&scanner) else { return false }
            item.kind = "ServerCutText"
            item.secrets = secrets(place, from: 8, to: 8 + min(length, scanner.remaining))
            (server.toSkip, server.secret) = (length, item.kind)
            words = [Excerpt.size(length)]
        case 150: item.kind = "EndOfContinuousUpdates"
        case 248:
            guard RFBAnnotator.fence(&scanner) else { return false }
            item.kind = "ServerFence"
        case 250:
            guard scanner.take(3) != nil else { return false }
            item.kind = "ServerXVP"
        default:
            giveUp(.server)
            return true
        }
        item.summary = ([item.kind] + words).joined(separator: " ")
        log.add(item)
        return true
    }

    private mutating func rectangle(_ scanner: inout ByteScanner, _ left: Int) -> Bool {
        switch RFBRectangle.read(&scanner, format) {
        case .incomplete: return false
        case .unknown: giveUp(.server)
        case .last: rectangles = nil
        case .followed(let length):
            server.toSkip = length
            rectangles = left > 1 ? left - 1 : nil
        }
        return true
    }

    /// The length of what was cut: a negative one says that it is in the later form.
    private static func clipboard(_ scanner: inout ByteScanner) -> Int? {
        guard scanner.take(3) != nil, let length = scanner.number(UInt32.self) else { return nil }
        return Int(Int32(bitPattern: length).magnitude)
    }

    private static func fence(_ scanner: inout ByteScanner) -> Bool {
        guard scanner.take(7) != nil, let length = scanner.byte() else { return false }
        return scanner.take(Int(length)) != nil
    }

    /// A text behind its length; a longer one than this is no text.
    private static func text(_ scanner: inout ByteScanner, _ length: UInt32) -> ArraySlice<UInt8>? {
        scanner.take(Int(clamping: length))
    }

    /// Where a part of a unit lies in the message that is being read.
    private func secrets(_ place: Place, from first: Int, to end: Int) -> [Range<Int>] {
        let start = place.start - place.earlier
        let range = max(0, start + first)..<max(0, start + end)
        return range.isEmpty ? [] : [range]
    }
}

/// A part of the screen.
private struct RFBArea {
    let text: String

    init?(_ scanner: inout ByteScanner) {
        guard let x = scanner.number(UInt16.self), let y = scanner.number(UInt16.self),
            let width = scanner.number(UInt16.self), let height = scanner.number(UInt16.self)
        else { return nil }
        text = "\(width)x\(height)+\(x)+\(y)"
    }
}
