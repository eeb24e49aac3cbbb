extension FindingID {
    public var severity: Severity {
        switch self {
        case .requestMethod, .requestHTTPVersion, .requestHostMissing, .requestUpgradeMissing,
            .requestConnectionUpgradeMissing, .requestKeyMissing, .requestKeyRepeated, .requestKeyInvalid,
            .requestVersionMissing, .requestVersionUnsupported, .responseAcceptMissing, .responseAcceptWrong,
            .responseAcceptRepeated, .responseUpgradeMissing, .responseConnectionUpgradeMissing,
            .responseProtocolNotOffered, .responseProtocolRepeated, .responseExtensionNotOffered,
            .frameClientUnmasked, .frameServerMasked, .frameReservedBits, .frameReservedOpcode,
            .frameLengthNotMinimal, .frameLengthImpossible, .frameControlTooLong, .frameControlFragmented,
            .frameContinuationUnexpected, .frameMessageInterrupted, .frameAfterClose, .closeCodeInvalid,
            .closeBodyTooShort, .closeReasonNotUTF8:
            .error
        case .handshakeRefused, .captureBytesMissing, .captureMidstream, .captureLimitReached:
            .note
        case .handshakeUnanswered, .captureSyncLost:
            .warning
        }
    }

    /// The rule, as `RFC 6455 §5.1`.
    public var reference: String {
        switch self {
        case .requestMethod, .requestHTTPVersion, .requestHostMissing, .requestUpgradeMissing,
            .requestConnectionUpgradeMissing, .requestKeyMissing, .requestKeyInvalid, .requestVersionMissing,
            .requestVersionUnsupported, .responseAcceptWrong, .responseProtocolNotOffered, .handshakeUnanswered:
            "RFC 6455 §4.1"
        case .requestKeyRepeated: "RFC 6455 §11.3.1"
        case .responseAcceptMissing, .responseUpgradeMissing, .responseConnectionUpgradeMissing, .handshakeRefused:
            "RFC 6455 §4.2.2"
        case .responseAcceptRepeated: "RFC 6455 §11.3.3"
        case .responseProtocolRepeated: "RFC 6455 §11.3.4"
        case .responseExtensionNotOffered: "RFC 6455 §9.1"
        case .frameClientUnmasked, .frameServerMasked:
            "RFC 6455 §5.1"
        case .frameReservedBits, .frameReservedOpcode, .frameLengthNotMinimal, .frameLengthImpossible,
            .captureSyncLost:
            "RFC 6455 §5.2"
        case .frameControlTooLong, .frameControlFragmented:
            "RFC 6455 §5.5"
        case .frameContinuationUnexpected, .frameMessageInterrupted:
            "RFC 6455 §5.4"
        case .frameAfterClose, .closeBodyTooShort, .closeReasonNotUTF8:
            "RFC 6455 §5.5.1"
        case .closeCodeInvalid: "RFC 6455 §7.4"
        case .captureBytesMissing: "RFC 9293 §3.4"
        case .captureMidstream: "RFC 6455 §4"
        case .captureLimitReached: "RFC 6455 §10.4"
        }
    }
}
