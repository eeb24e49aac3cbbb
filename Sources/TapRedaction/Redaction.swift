public import TapAnalysis
public import TapCore
import TapHTTP
import TapSubprotocols
import TapWebSocket

/// Takes secrets out of observations, before anything is written of them.
///
/// The step between the analysis and all reports and exports: what they are given holds no secret any more, so none of
/// them can forget one. Verdicts and findings stay as they are, and so do all lengths.
public struct Redaction: Sendable {
    public enum Scope: Sendable {
        /// Credentials, cookies, whatever has the name of a secret, tokens of well-known forms.
        case secrets
        /// These, and all payloads.
        case payloads
    }

    /// What is taken out.
    public struct Options: Sendable {
        public var scope = Scope.secrets
        /// Whether other addresses stand in place of those of the capture.
        public var hidesAddresses = false
        /// Further names of secrets, by their words: `customer-number` is also in `lastCustomerNumber`.
        public var names: [String] = []

        public init() {}
    }

    public let scope: Scope
    var redactor: Redactor
    /// Whether messages are observed beside the frames in which their secrets were counted.
    private var hasFrames = false

    public init(_ scope: Scope) {
        var options = Options()
        options.scope = scope
        self.init(options)
    }

    public init(_ options: Options) {
        scope = options.scope
        redactor = Redactor(SecretNames(options.names), options.hidesAddresses ? AddressMap() : nil)
    }

    /// How many secrets were taken out of what was captured. What quotes one does not count, nor do payloads that went as a whole.
    public var count: UInt64 { redactor.count }

    /// Changes all observations in place.
    public mutating func redact(_ observations: inout Observations) {
        observations.mapEach { observation, payloads in
            if let connection = observation.connectionNumber { redactor.begin(connection) }
            switch observation {
            case .handshake(let handshake): return .handshake(redacted(handshake))
            case .frame(let frame): return .frame(redacted(frame, &payloads))
            case .message(let message): return .message(redacted(message, &payloads))
            case .finding(let finding): return .finding(redacted(finding))
            case .connection(let connection): return .connection(redacted(connection))
            case .tls(let connection): return .tls(redacted(connection))
            }
        }
    }

    /// What somebody wrote into the capture may quote it.
    public mutating func redacted(_ comment: CaptureComment) -> CaptureComment {
        var text = comment.text
        redactor.isOriginal = true
        redactor.hideSecrets(in: text.indices, of: &text, isOpen: false)
        redactor.isOriginal = false
        return CaptureComment(comment.subject, text)
    }

    /// What files call addresses is as free a text as a comment. Where addresses are hidden, so are their names.
    public mutating func redacted(_ names: HostNames) -> HostNames {
        guard redactor.addresses == nil else { return HostNames() }
        redactor.isOriginal = true
        defer { redactor.isOriginal = false }
        return names.map { starred($0) }
    }

    /// What a user typed, as a filter, may quote the capture: stars stand in place of secrets, so that a mark below it stays right.
    public mutating func redacted(_ text: String) -> String { starred(text) }

    private mutating func starred(_ text: String) -> String {
        var bytes = Array(text.utf8)
        redactor.hideSecrets(in: bytes.indices, of: &bytes, isOpen: false)
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func redacted(_ handshake: Handshake) -> Handshake {
        var handshake = handshake
        let offered = handshake.request.flatMap { $0.isWhole ? $0.fields.list("Sec-WebSocket-Protocol") : nil }
        handshake.request = handshake.request.map { redactor.head($0, answering: nil) }
        handshake.response = handshake.response.map { redactor.head($0, answering: offered) }
        handshake.violations = handshake.violations.map { redactor.violation($0) }
        handshake.responseBody = handshake.responseBody.flatMap { redacted($0) }
        handshake.client = redactor.endpoint(handshake.client)
        handshake.server = redactor.endpoint(handshake.server)
        handshake.connectionID = redactor.id(handshake.connectionID)
        if let pair = handshake.pair { handshake.pair?.connectionID = redactor.id(pair.connectionID) }
        handshake.proxy = handshake.proxy.map { redacted($0) }
        return handshake
    }

    /// Nothing of a body is left where payloads go.
    private mutating func redacted(_ body: ResponseBody) -> ResponseBody? {
        guard scope == .secrets else { return nil }
        var bytes = body.bytes
        redactor.isOriginal = true
        redactor.hideSecrets(in: bytes.indices, of: &bytes, isOpen: body.isTruncated)
        redactor.isOriginal = false
        return ResponseBody(bytes, isTruncated: body.isTruncated)
    }

    /// What a proxy says of a connection.
    private mutating func redacted(_ proxy: ProxyHeader) -> ProxyHeader {
        switch proxy.addresses {
        case .none, .unix: return proxy
        case .requested(let name, let port):
            return ProxyHeader(version: proxy.version, addresses: .requested(redactor.shown(name), port: port))
        case .internet(let source, let sourcePort, let destination, let destinationPort):
            return ProxyHeader(
                version: proxy.version,
                addresses: .internet(
                    source: redacted(source), sourcePort: sourcePort, destination: redacted(destination),
                    destinationPort: destinationPort))
        }
    }

    private mutating func redacted(_ address: [UInt8]) -> [UInt8] {
        guard let known = IPAddress(bytes: address) else { return address }
        return redactor.endpoint(Endpoint(address: known, port: 0)).address.bytes
    }

    private mutating func redacted(_ unread: UnreadTLS) -> UnreadTLS {
        var unread = unread
        unread.client = redactor.endpoint(unread.client)
        unread.server = redactor.endpoint(unread.server)
        return unread
    }

    private mutating func redacted(_ message: Message, _ payloads: inout [UInt8]) -> Message {
        var message = message
        message.connectionID = redactor.id(message.connectionID)
        redactor.isOriginal = !hasFrames || message.frames > 1
        let isOpen = UInt64(message.payload.count) < message.length || !message.isWhole
        let found = hide(message.payload, of: &payloads, isOpen: isOpen, noting: message.application)
        redactor.isOriginal = false
        message.application = message.application.map { redacted($0, quoting: found.quotes) }
        return message
    }

    private mutating func redacted(_ finding: Finding) -> Finding {
        var finding = finding
        if finding.violation.id.family == .application, case .payloads = scope {
            let violation = finding.violation
            finding.violation = Violation(
                violation.id, as: violation.severity, by: violation.sender, violation.id.meaning, violation.evidence)
        }
        finding.violation = redactor.violation(finding.violation)
        finding.connectionID = redactor.id(finding.connectionID)
        return finding
    }

    private mutating func redacted(_ frame: Frame, _ payloads: inout [UInt8]) -> Frame {
        var frame = frame
        hasFrames = true
        frame.connectionID = redactor.id(frame.connectionID)
        redactor.isOriginal = true
        defer { redactor.isOriginal = false }
        if frame.header.opcode == .close {
            hide(frame.payload.dropFirst(2), of: &payloads, isOpen: !frame.isWhole, noting: nil)
            redactor.isOriginal = false
            frame.close = frame.close.map { redacted($0) }
            return frame
        }
        let header = frame.header
        let isFragment = !header.opcode.isControl && (!header.isFinal || header.opcode == .continuation)
        guard !isFragment else { return redacted(fragment: frame, &payloads) }
        let content = frame.isInflated ? frame.inflated : frame.payload
        let length = frame.isInflated ? frame.inflatedLength : header.payloadLength
        let found = hide(
            content, of: &payloads, isOpen: UInt64(content.count) < length || !frame.isWhole, noting: frame.application)
        redactor.isOriginal = false
        frame.application = frame.application.map { redacted($0, quoting: found.quotes) }
        guard header.reservedBits != 0 || frame.isInflated else { return frame }
        // What is compressed can be inflated by whoever gets it.
        let isKnown = frame.isInflated && UInt64(frame.inflated.count) == frame.inflatedLength
        if found.isAny || !isKnown || scope == .payloads { Redactor.blank(frame.payload, of: &payloads) }
        return frame
    }

    /// A secret may be cut in two by fragments, so that nothing of them can be shown; their message can.
    private mutating func redacted(fragment: Frame, _ payloads: inout [UInt8]) -> Frame {
        var frame = fragment
        redactor.isOriginal = false
        frame.application = frame.application.map { redacted($0, quoting: []) }
        Redactor.blank(frame.payload, of: &payloads)
        Redactor.blank(frame.inflated, of: &payloads)
        return frame
    }

    /// Makes secrets unreadable, or everything; answers whether there was any, and with notes what notes may quote.
    @discardableResult
    private mutating func hide(
        _ range: Range<Int>, of bytes: inout [UInt8], isOpen: Bool, noting notes: ApplicationNotes?
    ) -> (isAny: Bool, quotes: [[UInt8]]) {
        guard scope == .secrets else {
            Redactor.blank(range, of: &bytes)
            return (true, [])
        }
        var isAny = false
        var secrets: [[UInt8]] = []
        // What is shown of the bytes is looked at before they are changed.
        let original = notes == nil ? [] : Array(bytes[range])
        func note(_ place: Range<Int>) {
            isAny = true
            guard notes != nil else { return }
            let place = place.lowerBound - range.lowerBound..<place.upperBound - range.lowerBound
            secrets.append(Array(original[place].prefix(Redaction.longestQuoted)))
        }
        for place in redactor.hideSecrets(in: range, of: &bytes, isOpen: isOpen) { note(place) }
        for item in notes?.items ?? [] {
            for secret in item.secrets {
                let place = secret.clamped(to: 0..<range.count)
                guard !place.isEmpty else { continue }
                let shifted = place.lowerBound + range.lowerBound..<place.upperBound + range.lowerBound
                note(shifted)
                redactor.hide(shifted, of: &bytes)
            }
        }
        return (isAny, secrets)
    }

    /// Bytes of a secret that are looked for in what quotes it; no excerpt has as many.
    private static let longestQuoted = 1_024

    /// The code stays.
    private mutating func redacted(_ body: CloseBody) -> CloseBody {
        guard let code = body.code, !body.reason.isEmpty else { return body }
        var reason = Array(body.reason.utf8)
        hide(reason.indices, of: &reason, isOpen: false, noting: nil)
        return CloseBody([UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + reason)
    }

    private mutating func redacted(_ connection: Connection) -> Connection {
        var connection = connection
        connection.close.body = connection.close.body.map { redacted($0) }
        if let known = connection.application { connection.application = redacted(known) }
        connection.client = redactor.endpoint(connection.client)
        connection.server = redactor.endpoint(connection.server)
        connection.id = redactor.id(connection.id)
        if let pair = connection.pair { connection.pair?.connectionID = redactor.id(pair.connectionID) }
        redactor.end()
        return connection
    }
}
