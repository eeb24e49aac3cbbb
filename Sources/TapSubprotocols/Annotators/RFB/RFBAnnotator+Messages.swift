import TapWebSocket

/// What follows once the screen is there. RFC 6143 §7.5 and §7.6.
extension RFBAnnotator {
    private enum Reading {
        case whole([String])
        case incomplete
        /// A type that is not known: nobody knows how long it is.
        case unknown
    }

    mutating func message(_ scanner: inout ByteScanner, _ place: Place, _ log: inout ConversationLog) -> Bool {
        guard let type = scanner.byte() else { return false }
        let sender = log.message.sender
        var item = ApplicationItem(.rfb, "")
        let reading =
            switch (sender, type) {
            case (_, 248), (_, 250), (.client, 6), (.server, 3): fromEither(sender, type, &scanner, place, &item)
            case (.client, _): fromClient(type, &scanner, place, &item)
            case (.server, _): fromServer(type, &scanner, &item)
            }
        switch reading {
        case .whole(let words):
            item.summary = ([item.kind] + words).joined(separator: " ")
            log.add(item)
        case .incomplete: return false
        case .unknown: giveUp(sender)
        }
        return true
    }

    /// What both sides say alike.
    private mutating func fromEither(
        _ sender: Sender, _ type: UInt8, _ scanner: inout ByteScanner, _ place: Place, _ item: inout ApplicationItem
    ) -> Reading {
        let side = sender == .client ? "Client" : "Server"
        switch type {
        case 248:
            guard RFBAnnotator.fence(&scanner) else { return .incomplete }
            item.kind = "\(side)Fence"
        case 250:
            guard scanner.take(3) != nil else { return .incomplete }
            item.kind = "\(side)XVP"
        default:
            guard let length = RFBAnnotator.clipboard(&scanner) else { return .incomplete }
            item.kind = "\(side)CutText"
            item.secrets = secrets(place, from: 8, to: 8 + min(length, scanner.remaining))
            (self[sender].toSkip, self[sender].secret) = (length, item.kind)
            return .whole([Excerpt.size(length)])
        }
        return .whole([])
    }

    /// What the client says in a message of a type, and in `item` what it is.
    private mutating func fromClient(
        _ type: UInt8, _ scanner: inout ByteScanner, _ place: Place, _ item: inout ApplicationItem
    ) -> Reading {
        var words: [String] = []
        switch type {
        case 0:
            guard scanner.take(3) != nil, let format = RFBPixelFormat(&scanner) else { return .incomplete }
            // What is under way is of the old one.
            if hasAskedForUpdates { giveUp(.server) }
            self.format = format
            item.kind = "SetPixelFormat"
            words = ["\(format.bitsPerPixel) bits"]
        case 2:
            guard scanner.take(1) != nil, let count = scanner.number(UInt16.self) else { return .incomplete }
            client.toSkip = Int(count) * 4
            item.kind = "SetEncodings"
            words = ["\(count)"]
        case 3:
            guard let isIncremental = scanner.byte(), let area = RFBArea(&scanner) else { return .incomplete }
            item.kind = "FramebufferUpdateRequest"
            hasAskedForUpdates = true
            words = [isIncremental == 0 ? "whole" : "incremental", area.text]
        case 4:
            guard let isDown = scanner.byte(), scanner.take(6) != nil else { return .incomplete }
            // Which key it is may be a letter of a password.
            item.kind = "KeyEvent"
            item.secrets = secrets(place, from: 4, to: 8)
            words = [isDown == 0 ? "up" : "down"]
        case 5:
            guard let buttons = scanner.byte(), let x = scanner.number(UInt16.self), let y = scanner.number(UInt16.self)
            else { return .incomplete }
            item.kind = "PointerEvent"
            words = ["\(x),\(y)"] + (buttons == 0 ? [] : ["buttons \(buttons)"])
        case 150:
            guard let isOn = scanner.byte(), let area = RFBArea(&scanner) else { return .incomplete }
            item.kind = "EnableContinuousUpdates"
            words = [isOn == 0 ? "off" : "on", area.text]
        case 251:
            guard scanner.take(1) != nil, let width = scanner.number(UInt16.self),
                let height = scanner.number(UInt16.self), let count = scanner.byte(), scanner.take(1) != nil
            else { return .incomplete }
            client.toSkip = Int(count) * 16
            item.kind = "SetDesktopSize"
            words = ["\(width)x\(height)"]
        case 255 where scanner.next.map { $0 == 0 } ?? true:
            guard scanner.take(1) != nil, let isDown = scanner.number(UInt16.self), scanner.take(8) != nil else {
                return .incomplete
            }
            item.kind = "QEMUExtendedKeyEvent"
            item.secrets = secrets(place, from: 4, to: 12)
            words = [isDown == 0 ? "up" : "down"]
        default: return .unknown
        }
        return .whole(words)
    }

    /// What the server says in a message of a type, and in `item` what it is.
    private mutating func fromServer(
        _ type: UInt8, _ scanner: inout ByteScanner, _ item: inout ApplicationItem
    ) -> Reading {
        var words: [String] = []
        switch type {
        case 0:
            guard scanner.take(1) != nil, let count = scanner.number(UInt16.self) else { return .incomplete }
            item.kind = "FramebufferUpdate"
            rectangles = count == 0 ? nil : Int(count)
            // Where nobody knows how many, the last one says so.
            words = count == .max ? [] : ["\(count) \(count == 1 ? "rectangle" : "rectangles")"]
        case 1:
            guard scanner.take(3) != nil, let count = scanner.number(UInt16.self) else { return .incomplete }
            server.toSkip = Int(count) * 6
            item.kind = "SetColorMapEntries"
            words = ["\(count)"]
        case 2: item.kind = "Bell"
        case 150: item.kind = "EndOfContinuousUpdates"
        default: return .unknown
        }
        return .whole(words)
    }

    mutating func rectangle(_ scanner: inout ByteScanner, _ left: Int) -> Bool {
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
