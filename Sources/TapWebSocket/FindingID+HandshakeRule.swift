extension FindingID {
    /// The rule of the opening handshake that this finding breaks; `nil` where it is about something else.
    /// - Parameter sender: whose doing it is: either head can be badly formed.
    public func handshakeRule(of sender: Sender?) -> HandshakeRule? {
        switch self {
        case .requestMethod: .method
        case .requestHTTPVersion: .httpVersion
        case .requestHostMissing: .host
        case .requestUpgradeMissing: .requestUpgrade
        case .requestConnectionUpgradeMissing: .requestConnection
        case .requestKeyMissing, .requestKeyRepeated, .requestKeyInvalid, .requestKeyNotCanonical, .requestKeyReused:
            .key
        case .requestVersionMissing, .requestVersionUnsupported, .requestVersionDraft: .version
        case .requestProtocolRepeated, .requestProtocolMalformed: .protocolsOffered
        case .requestExtensionsMalformed, .requestDeflateInvalid: .extensionsOffered
        case .requestTargetInvalid: .requestForm
        case .httpBareLineFeed, .httpFoldedLine, .httpSpaceBeforeColon, .httpLineMalformed:
            sender == .server ? .responseForm : .requestForm
        case .responseDataEarly: .responseForm
        case .handshakeDataEarly: .patience
        case .handshakeRefused, .handshakeUnanswered, .handshakeSlow: .status
        case .h2ConnectNotEnabled: .extendedConnect
        case .h2PseudoFields: sender == .server ? .status : .pseudoFields
        case .h2ConnectionField, .h2FieldInvalid: sender == .server ? .responseForm : .requestForm
        case .h2Status101, .h2StatusNot200: .status
        case .responseHTTPVersion, .responseBodyFields: .responseForm
        case .responseUpgradeMissing, .responseUpgradeWrong: .responseUpgrade
        case .responseConnectionUpgradeMissing: .responseConnection
        case .responseAcceptMissing, .responseAcceptWrong, .responseAcceptRepeated: .accept
        case .responseProtocolNotOffered, .responseProtocolRepeated: .protocolChosen
        case .responseExtensionNotOffered, .responseExtensionRepeated, .responseExtensionsMalformed,
            .responseDeflateInvalid, .responseDeflateNotAllowed:
            .extensionsChosen
        case .frameClientUnmasked, .frameServerMasked, .frameReservedBits, .frameCompressionBitMisplaced,
            .frameReservedOpcode, .frameLengthNotMinimal, .frameLengthImpossible, .frameControlTooLong,
            .frameControlFragmented, .frameContinuationUnexpected, .frameMessageInterrupted, .frameAfterClose,
            .frameMaskingKeyZero, .frameMaskingKeyRepeated, .streamOutOfStep, .pingUnanswered, .messageNotUTF8,
            .messageUnfinished, .messageInflateFailed, .messageInflateLimited, .messageNotInflated,
            .messageWindowExceeded, .applicationError, .applicationUnanswered, .applicationSlow,
            .applicationDuplicateID, .applicationHeartbeatMissed, .applicationMalformed, .closeCodeInvalid,
            .closeCodeNotForServer, .closeBodyTooShort, .closeReasonNotUTF8,
            .closeUnanswered, .closeMissing,
            .closeInFrame, .closeAbnormal, .captureBytesMissing, .captureSnaplen, .captureMidstream, .captureOneSided,
            .captureDuplicated, .captureHeadCut, .captureSyncLost, .captureResynchronised, .captureLimitReached,
            .httpAfterUpgrade, .h2FrameInvalid, .h2WindowExceeded, .h2FlowControlWait, .ipConflictingOverlap,
            .tcpConflictingOverlap, .tcpChecksumWrong, .tcpSegmentIgnored, .tcpWindowZero:
            nil
        }
    }

    /// Whether a 101 with it is no valid answer to a valid request: the verdict is by RFC 6455 §4 alone.
    public var makesHandshakeInvalid: Bool { severity == .error && self != .responseBodyFields }
}
