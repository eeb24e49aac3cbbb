public import TapAnalysis
public import TapCore
import TapWebSocket

/// Takes secrets out of observations, before anything is written of them.
///
/// The step between the analysis and all reports and exports: what they are given holds no secret any more, so none of
/// them can forget one. Verdicts and findings stay as they are, and so do all lengths.
public struct Redaction: Sendable {
    public enum Scope: Sendable {
        /// Credentials, cookies, tokens in queries and texts, JSON Web Tokens.
        case secrets
        /// These, and all payloads.
        case payloads
    }

    private let scope: Scope
    /// The secrets of the handshake that was told last, which its findings may quote.
    private var redactor = Redactor()
    private var connection = 0
    private var application = ApplicationRedactor()

    public init(_ scope: Scope) { self.scope = scope }

    /// Changes all observations in place.
    public mutating func redact(_ observations: inout Observations) {
        observations.mapEach { observation, payloads in
            switch observation {
            case .handshake(let handshake): return .handshake(redacted(handshake))
            case .frame(let frame): return .frame(redacted(frame, &payloads))
            case .message(let message): return .message(redacted(message, &payloads))
            case .finding(let finding): return .finding(redacted(finding))
            case .connection(let connection): return .connection(redacted(connection))
            case .tls: return observation
            }
        }
    }

    /// What somebody wrote into the capture may quote it.
    public func redacted(_ comment: CaptureComment) -> CaptureComment {
        var text = comment.text
        Payload.hideSecrets(in: text.indices, of: &text)
        return CaptureComment(comment.subject, text)
    }

    /// What files call addresses is as free a text as a comment.
    public func redacted(_ names: HostNames) -> HostNames {
        names.map { name in
            var text = Array(name.utf8)
            Payload.hideSecrets(in: text.indices, of: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    private mutating func redacted(_ handshake: Handshake) -> Handshake {
        redactor = Redactor()
        connection = handshake.connection
        var handshake = handshake
        handshake.request = handshake.request.map { redactor.head($0) }
        handshake.response = handshake.response.map { redactor.head($0) }
        handshake.violations = handshake.violations.map { redactor.violation($0) }
        return handshake
    }

    private mutating func redacted(_ message: Message, _ payloads: inout [UInt8]) -> Message {
        var message = message
        if let notes = message.application {
            message.application = application.redact(
                notes, of: message.connection, at: message.payload, in: &payloads, scope)
        }
        hide(message.payload, of: &payloads)
        return message
    }

    private mutating func redacted(_ finding: Finding) -> Finding {
        if finding.connection != connection {
            redactor = Redactor()
            connection = finding.connection
        }
        var finding = finding
        if finding.violation.id.family == .application {
            finding.violation = application.redacted(finding.violation, of: finding.connection, scope)
        }
        finding.violation = redactor.violation(finding.violation)
        return finding
    }

    private mutating func redacted(_ frame: Frame, _ payloads: inout [UInt8]) -> Frame {
        var frame = frame
        let header = frame.header
        if let notes = frame.application {
            // Of a message in several frames the places are not those in the last one, which is hidden as a whole.
            let isWhole = header.opcode != .continuation
            let place = frame.isInflated ? frame.inflated : frame.payload
            let hadSecrets = notes.items.contains { !$0.secrets.isEmpty }
            frame.application = application.redact(
                notes, of: frame.connection, at: isWhole ? place : place.lowerBound..<place.lowerBound, in: &payloads,
                scope)
            if hadSecrets, frame.isInflated { Payload.blank(frame.payload, of: &payloads) }
        }
        if header.opcode == .close {
            frame.close = frame.close.map { redacted($0) }
            hide(frame.payload.dropFirst(2), of: &payloads)
            return frame
        }
        hide(frame.payload, of: &payloads)
        let isHidden = hide(frame.inflated, of: &payloads)
        let isFragment = !header.opcode.isControl && (!header.isFinal || header.opcode == .continuation)
        let isCompressed = header.reservedBits != 0
        let isKnown = !frame.inflated.isEmpty && UInt64(frame.inflated.count) == frame.inflatedLength
        // A secret may be cut in two by fragments, and what is compressed can be inflated by whoever gets it.
        if isFragment || isCompressed && (isHidden || !isKnown) { Payload.blank(frame.payload, of: &payloads) }
        if isFragment { Payload.blank(frame.inflated, of: &payloads) }
        return frame
    }

    /// Makes secrets unreadable, or everything; answers whether there was anything of that.
    @discardableResult
    private func hide(_ range: Range<Int>, of bytes: inout [UInt8]) -> Bool {
        switch scope {
        case .secrets: return Payload.hideSecrets(in: range, of: &bytes)
        case .payloads:
            Payload.blank(range, of: &bytes)
            return !range.isEmpty
        }
    }

    /// The code stays.
    private func redacted(_ body: CloseBody) -> CloseBody {
        guard let code = body.code, !body.reason.isEmpty else { return body }
        var reason = Array(body.reason.utf8)
        hide(reason.indices, of: &reason)
        return CloseBody([UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + reason)
    }

    private mutating func redacted(_ connection: Connection) -> Connection {
        var connection = connection
        connection.close.body = connection.close.body.map { redacted($0) }
        if let known = connection.application {
            connection.application = application.redacted(known, of: connection.number, scope)
        }
        return connection
    }
}
