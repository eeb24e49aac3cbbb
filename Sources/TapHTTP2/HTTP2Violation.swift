/// A rule of HTTP/2 that a peer broke, and what shows it.
package struct HTTP2Violation: Equatable, Sendable {
    package let rule: HTTP2Rule
    /// The stream that it is about; the connection where it is about all of them.
    package let stream: HTTP2StreamID
    /// What was sent: a name, a number, a value.
    package let evidence: String

    package init(_ rule: HTTP2Rule, _ stream: HTTP2StreamID, _ evidence: String = "") {
        self.rule = rule
        self.stream = stream
        self.evidence = evidence
    }
}

/// What RFC 9113, RFC 8441 and RFC 7541 demand of a peer, and RFC 9114 of one that speaks HTTP/3, as far as it is looked at.
package enum HTTP2Rule: Hashable, Sendable, CaseIterable {
    // Of frames.
    case firstFrameNotSettings, frameTooLong, frameLengthWrong, frameStreamWrong, paddingTooLong
    case continuationMissing, continuationUnexpected, settingInvalid, connectProtocolWithdrawn
    case windowIncrementZero, windowTooLarge, windowExceeded, pushByClient
    // Of header compression.
    case fieldsNotDecodable, tableTooLarge
    // Of streams.
    case streamNumberReused, streamNumberNotOfClient, frameAfterEnd
    // Of requests and responses.
    case connectNotEnabled, protocolWithoutConnect, pseudoFieldMissing, pseudoFieldRepeated, pseudoFieldUnknown
    case pseudoFieldMisplaced, pseudoFieldInTrailers, connectionField, fieldNameInvalid, fieldValueInvalid
    case statusInvalid, statusSwitchingProtocols
    // Of HTTP/3 alone.
    case dataBeforeHeaders, frameReserved, frameCut, settingsRepeated, goAwayWrong
    case criticalStreamRepeated, criticalStreamClosed, controlStreamMissing

    /// Whether who breaks it on one stream ends all of them, whatever the frame. RFC 9113 §5.4.1.
    package var endsConnection: Bool {
        switch self {
        case .firstFrameNotSettings, .frameStreamWrong, .paddingTooLong, .continuationMissing, .continuationUnexpected,
            .settingInvalid, .connectProtocolWithdrawn, .pushByClient, .fieldsNotDecodable, .tableTooLarge,
            .streamNumberReused, .streamNumberNotOfClient, .dataBeforeHeaders, .frameReserved, .frameCut,
            .settingsRepeated, .goAwayWrong, .criticalStreamRepeated, .criticalStreamClosed, .controlStreamMissing:
            true
        case .frameTooLong, .frameLengthWrong, .windowIncrementZero, .windowTooLarge, .windowExceeded, .frameAfterEnd,
            .connectNotEnabled, .protocolWithoutConnect, .pseudoFieldMissing, .pseudoFieldRepeated, .pseudoFieldUnknown,
            .pseudoFieldMisplaced, .pseudoFieldInTrailers, .connectionField, .fieldNameInvalid, .fieldValueInvalid,
            .statusInvalid, .statusSwitchingProtocols:
            false
        }
    }

    /// Where it stands.
    package var reference: String {
        switch self {
        case .firstFrameNotSettings: "RFC 9113 §3.4"
        case .frameTooLong, .frameLengthWrong: "RFC 9113 §4.2"
        case .frameStreamWrong: "RFC 9113 §6"
        case .paddingTooLong: "RFC 9113 §6.1"
        case .continuationMissing, .continuationUnexpected: "RFC 9113 §6.10"
        case .settingInvalid: "RFC 9113 §6.5.2"
        case .connectProtocolWithdrawn: "RFC 8441 §3"
        case .windowIncrementZero: "RFC 9113 §6.9"
        case .windowTooLarge, .windowExceeded: "RFC 9113 §6.9.1"
        case .pushByClient: "RFC 9113 §8.4"
        case .fieldsNotDecodable: "RFC 9113 §4.3"
        case .tableTooLarge: "RFC 7541 §6.3"
        case .streamNumberReused, .streamNumberNotOfClient: "RFC 9113 §5.1.1"
        case .frameAfterEnd: "RFC 9113 §5.1"
        case .connectNotEnabled: "RFC 8441 §3"
        case .protocolWithoutConnect, .pseudoFieldMissing: "RFC 8441 §4"
        case .pseudoFieldRepeated, .pseudoFieldUnknown, .pseudoFieldMisplaced: "RFC 9113 §8.3"
        case .pseudoFieldInTrailers: "RFC 9113 §8.1"
        case .connectionField: "RFC 9113 §8.2.2"
        case .fieldNameInvalid, .fieldValueInvalid: "RFC 9113 §8.2.1"
        case .statusInvalid: "RFC 9113 §8.3.2"
        case .statusSwitchingProtocols: "RFC 9113 §8.6"
        case .dataBeforeHeaders: "RFC 9114 §4.1"
        case .frameReserved: "RFC 9114 §7.2.8"
        case .frameCut: "RFC 9114 §7.1"
        case .settingsRepeated: "RFC 9114 §7.2.4"
        case .goAwayWrong: "RFC 9114 §5.2"
        case .criticalStreamRepeated, .criticalStreamClosed, .controlStreamMissing: "RFC 9114 §6.2.1"
        }
    }
}
