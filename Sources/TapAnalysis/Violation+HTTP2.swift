import TapCore
import TapHTTP2
import TapSubprotocols
import TapWebSocket

extension Violation {
    /// A rule of HTTP/2 or HTTP/3 that a peer broke.
    init(_ violation: HTTP2Violation, by sender: Sender?, in session: StreamSession) {
        let (rule, transport) = (violation.rule, session.transport)
        var evidence = [Evidence("rule", .text(rule.reference(in: transport)))]
        if violation.stream != .connection {
            evidence.append(Evidence("stream", .number(UInt64(session.tunnelStream(violation.stream).number))))
        }
        if !violation.evidence.isEmpty { evidence.append(Evidence("found", .text(violation.evidence))) }
        self.init(rule.finding, by: sender, rule.sentence(violation.evidence, transport), evidence)
    }

    /// A peer that had to wait for the other's window.
    init(_ stall: HTTP2Stall, by reader: Sender?) {
        let whose = reader.map { "the \($0.rawValue)'s window" } ?? "the window"
        let what = stall.stream == .connection ? "\(whose) for all streams together" : whose
        let rest = stall.until == nil ? ", and was not opened again" : ""
        self.init(
            .h2FlowControlWait, by: reader, "\(what) was exhausted for \(Seconds.text(stall.duration))\(rest)",
            [Evidence("milliseconds", .number(UInt64(clamping: stall.duration / 1_000_000)))])
    }

    /// A limit on what is followed of one connection of HTTP/2 or HTTP/3.
    init(_ limit: HTTP2LimitKind, in session: StreamSession) {
        self.init(
            .captureLimitReached,
            "more \(limit.words) than are followed on one connection of \(session.transport.protocolName)",
            [Evidence("limit", .text(limit == .streams ? "--max-streams" : "\(limit)"))])
    }
}

extension HTTP2LimitKind {
    fileprivate var words: String {
        switch self {
        case .streams: "open streams (--max-streams)"
        case .candidates: "streams without a captured request"
        case .candidateBytes: "bytes of a stream without a captured request"
        case .ignoredStreams: "streams that are no WebSocket"
        case .blockBytes: "bytes in a header block"
        case .headBytes: "bytes in the fields of a head"
        case .tableRestarts: "header blocks that did not decode"
        case .violations: "violations"
        case .settings: "frames of SETTINGS"
        case .openSettings: "frames of SETTINGS that nobody acknowledged"
        }
    }
}

extension HTTP2Rule {
    fileprivate var finding: FindingID {
        switch self {
        case .firstFrameNotSettings, .frameTooLong, .frameLengthWrong, .frameStreamWrong, .paddingTooLong,
            .continuationMissing, .continuationUnexpected, .settingInvalid, .connectProtocolWithdrawn,
            .windowIncrementZero, .windowTooLarge, .pushByClient, .fieldsNotDecodable, .tableTooLarge,
            .streamNumberReused, .streamNumberNotOfClient, .frameAfterEnd, .dataBeforeHeaders, .frameReserved,
            .frameCut, .settingsRepeated, .goAwayWrong, .criticalStreamRepeated, .criticalStreamClosed,
            .controlStreamMissing:
            .h2FrameInvalid
        case .windowExceeded: .h2WindowExceeded
        case .connectNotEnabled: .h2ConnectNotEnabled
        case .protocolWithoutConnect, .pseudoFieldMissing, .pseudoFieldRepeated, .pseudoFieldUnknown,
            .pseudoFieldMisplaced, .pseudoFieldInTrailers, .statusInvalid:
            .h2PseudoFields
        case .connectionField: .h2ConnectionField
        case .fieldNameInvalid, .fieldValueInvalid: .h2FieldInvalid
        case .statusSwitchingProtocols: .h2Status101
        }
    }

    /// Where it stands. HTTP/3 has the rules of heads that HTTP/2 has, and some of those of frames.
    fileprivate func reference(in transport: TunnelStream.Transport) -> String {
        guard transport == .h3 else { return reference }
        switch self {
        case .connectNotEnabled: return "RFC 9220 §3"
        case .firstFrameNotSettings: return "RFC 9114 §6.2.1"
        case .frameStreamWrong: return "RFC 9114 §7.2"
        case .frameLengthWrong: return "RFC 9114 §7.1"
        case .settingInvalid: return "RFC 9114 §7.2.4"
        case .pushByClient: return "RFC 9114 §7.2.5"
        case .pseudoFieldRepeated, .pseudoFieldUnknown, .pseudoFieldMisplaced, .pseudoFieldInTrailers:
            return "RFC 9114 §4.3"
        case .connectionField, .fieldNameInvalid, .fieldValueInvalid: return "RFC 9114 §4.2"
        case .statusInvalid: return "RFC 9114 §4.3.2"
        case .statusSwitchingProtocols: return "RFC 9114 §4.5"
        case _: return reference
        }
    }

    fileprivate func sentence(_ found: String, _ transport: TunnelStream.Transport) -> String {
        switch self {
        case .firstFrameNotSettings: "the first frame is not SETTINGS"
        case .frameTooLong: "a frame of \(found) bytes is longer than its receiver's SETTINGS_MAX_FRAME_SIZE"
        case .frameLengthWrong: "a frame of \(found) bytes is of a kind that cannot have that length"
        case .frameStreamWrong where !found.isEmpty: "\(found) is on a stream that it cannot be on"
        case .frameStreamWrong: "a frame is on a stream that its kind cannot be on"
        case .paddingTooLong: "the padding of a frame is longer than the frame"
        case .continuationMissing: "a header block is interrupted by another frame"
        case .continuationUnexpected: "CONTINUATION without a header block to continue"
        case .settingInvalid: "a setting has a value that it cannot have: \(found)"
        case .connectProtocolWithdrawn: "SETTINGS_ENABLE_CONNECT_PROTOCOL is taken back"
        case .windowIncrementZero: "WINDOW_UPDATE with an increment of 0"
        case .windowTooLarge: "WINDOW_UPDATE makes the window larger than 2,147,483,647 bytes"
        case .windowExceeded: "more data than the window allows: \(found) bytes"
        case .pushByClient: "the client sent PUSH_PROMISE"
        case .fieldsNotDecodable: "a header block does not decode"
        case .tableTooLarge: "the table of fields is made larger than its receiver allows"
        case .streamNumberReused: "stream \(found) is opened a second time, or after a higher one"
        case .streamNumberNotOfClient: "the client opened stream \(found), which has an even number"
        case .frameAfterEnd: "a frame follows the one that ended the stream"
        case .connectNotEnabled: "the server's SETTINGS do not have SETTINGS_ENABLE_CONNECT_PROTOCOL"
        case .protocolWithoutConnect: "the method is \(found), and :protocol goes with CONNECT alone"
        case .pseudoFieldMissing: "there is no \(found)"
        case .pseudoFieldRepeated: "\(found) is there more than once"
        case .pseudoFieldUnknown: "\(found) is no pseudo-field of such a head"
        case .pseudoFieldMisplaced: "\(found) stands behind other fields"
        case .pseudoFieldInTrailers: "\(found) is in trailers"
        case .connectionField: "\(found) has no place in \(transport.protocolName)"
        case .fieldNameInvalid: "“\(found)” cannot be the name of a field"
        case .fieldValueInvalid: "\(found) has a value that no field can have"
        case .statusInvalid: found.isEmpty ? "there is no :status" : "“\(found)” is no status"
        case .statusSwitchingProtocols: "the status is 101"
        case .dataBeforeHeaders: "DATA comes before HEADERS"
        case .frameReserved: "\(found) is a frame of HTTP/2 that HTTP/3 has not"
        case .frameCut: "a stream ends in the middle of a frame"
        case .settingsRepeated: "SETTINGS comes a second time"
        case .goAwayWrong: "GOAWAY names \(found), which it cannot name"
        case .criticalStreamRepeated: "there is a second \(found)"
        case .criticalStreamClosed: "the \(found) is closed, which has to stay open"
        case .controlStreamMissing: "there is no control stream, which is the first that a peer has to open"
        }
    }
}
