extension FindingID {
    /// How serious it is, at most.
    public var severity: Severity { entry.severity }
    /// The rule, as `RFC 6455 §5.1`.
    public var reference: String { entry.reference }
    /// What was found, in one line.
    public var meaning: String { entry.meaning }
    /// A paragraph: what it means, what usually causes it, what to look at next.
    public var explanation: String { entry.explanation }

    private var entry: FindingEntry {
        switch self {
        case .requestMethod: .requestMethod
        case .requestTargetInvalid: .requestTargetInvalid
        case .requestHTTPVersion: .requestHTTPVersion
        case .requestHostMissing: .requestHostMissing
        case .requestUpgradeMissing: .requestUpgradeMissing
        case .requestConnectionUpgradeMissing: .requestConnectionUpgradeMissing
        case .requestKeyMissing: .requestKeyMissing
        case .requestKeyRepeated: .requestKeyRepeated
        case .requestKeyInvalid: .requestKeyInvalid
        case .requestKeyNotCanonical: .requestKeyNotCanonical
        case .requestKeyReused: .requestKeyReused
        case .requestVersionMissing: .requestVersionMissing
        case .requestVersionUnsupported: .requestVersionUnsupported
        case .requestVersionDraft: .requestVersionDraft
        case .requestProtocolRepeated: .requestProtocolRepeated
        case .requestProtocolMalformed: .requestProtocolMalformed
        case .requestExtensionsMalformed: .requestExtensionsMalformed
        case .requestDeflateInvalid: .requestDeflateInvalid
        case .httpBareLineFeed: .httpBareLineFeed
        case .httpFoldedLine: .httpFoldedLine
        case .httpSpaceBeforeColon: .httpSpaceBeforeColon
        case .httpLineMalformed: .httpLineMalformed
        case .responseHTTPVersion: .responseHTTPVersion
        case .httpAfterUpgrade: .httpAfterUpgrade
        case .responseAcceptMissing: .responseAcceptMissing
        case .responseAcceptWrong: .responseAcceptWrong
        case .responseAcceptRepeated: .responseAcceptRepeated
        case .responseUpgradeMissing: .responseUpgradeMissing
        case .responseUpgradeWrong: .responseUpgradeWrong
        case .responseConnectionUpgradeMissing: .responseConnectionUpgradeMissing
        case .responseProtocolNotOffered: .responseProtocolNotOffered
        case .responseProtocolRepeated: .responseProtocolRepeated
        case .responseExtensionNotOffered: .responseExtensionNotOffered
        case .responseExtensionRepeated: .responseExtensionRepeated
        case .responseExtensionsMalformed: .responseExtensionsMalformed
        case .responseDeflateInvalid: .responseDeflateInvalid
        case .responseDeflateNotAllowed: .responseDeflateNotAllowed
        case .responseBodyFields: .responseBodyFields
        case .responseDataEarly: .responseDataEarly
        case .handshakeRefused: .handshakeRefused
        case .handshakeUnanswered: .handshakeUnanswered
        case .handshakeDataEarly: .handshakeDataEarly
        case .handshakeSlow: .handshakeSlow
        case .h2ConnectNotEnabled: .h2ConnectNotEnabled
        case .h2PseudoFields: .h2PseudoFields
        case .h2ConnectionField: .h2ConnectionField
        case .h2FieldInvalid: .h2FieldInvalid
        case .h2Status101: .h2Status101
        case .h2StatusNot200: .h2StatusNot200
        case .h2FrameInvalid: .h2FrameInvalid
        case .h2WindowExceeded: .h2WindowExceeded
        case .h2FlowControlWait: .h2FlowControlWait
        case .frameClientUnmasked: .frameClientUnmasked
        case .frameServerMasked: .frameServerMasked
        case .frameReservedBits: .frameReservedBits
        case .frameCompressionBitMisplaced: .frameCompressionBitMisplaced
        case .frameReservedOpcode: .frameReservedOpcode
        case .frameLengthNotMinimal: .frameLengthNotMinimal
        case .frameLengthImpossible: .frameLengthImpossible
        case .frameControlTooLong: .frameControlTooLong
        case .frameControlFragmented: .frameControlFragmented
        case .frameContinuationUnexpected: .frameContinuationUnexpected
        case .frameMessageInterrupted: .frameMessageInterrupted
        case .frameAfterClose: .frameAfterClose
        case .frameMaskingKeyZero: .frameMaskingKeyZero
        case .frameMaskingKeyRepeated: .frameMaskingKeyRepeated
        case .streamOutOfStep: .streamOutOfStep
        case .pingUnanswered: .pingUnanswered
        case .messageNotUTF8: .messageNotUTF8
        case .messageUnfinished: .messageUnfinished
        case .messageInflateFailed: .messageInflateFailed
        case .messageInflateLimited: .messageInflateLimited
        case .messageNotInflated: .messageNotInflated
        case .messageWindowExceeded: .messageWindowExceeded
        case .applicationError: .applicationError
        case .applicationUnanswered: .applicationUnanswered
        case .applicationSlow: .applicationSlow
        case .applicationDuplicateID: .applicationDuplicateID
        case .applicationHeartbeatMissed: .applicationHeartbeatMissed
        case .applicationMalformed: .applicationMalformed
        case .closeCodeInvalid: .closeCodeInvalid
        case .closeCodeNotForServer: .closeCodeNotForServer
        case .closeBodyTooShort: .closeBodyTooShort
        case .closeReasonNotUTF8: .closeReasonNotUTF8
        case .closeUnanswered: .closeUnanswered
        case .closeMissing: .closeMissing
        case .closeInFrame: .closeInFrame
        case .closeAbnormal: .closeAbnormal
        case .ipConflictingOverlap: .ipConflictingOverlap
        case .tcpConflictingOverlap: .tcpConflictingOverlap
        case .tcpChecksumWrong: .tcpChecksumWrong
        case .tcpSegmentIgnored: .tcpSegmentIgnored
        case .tcpWindowZero: .tcpWindowZero
        case .captureBytesMissing: .captureBytesMissing
        case .captureSnaplen: .captureSnaplen
        case .captureMidstream: .captureMidstream
        case .captureOneSided: .captureOneSided
        case .captureDuplicated: .captureDuplicated
        case .captureHeadCut: .captureHeadCut
        case .captureSyncLost: .captureSyncLost
        case .captureResynchronised: .captureResynchronised
        case .captureLimitReached: .captureLimitReached
        }
    }
}
