import TapWebSocket

/// What both sides say in turns before there is a screen. RFC 6143 §7.1 to §7.3.
extension RFBAnnotator {
    mutating func handshake(
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
}
