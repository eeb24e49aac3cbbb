import TapCore

/// Why a peer closes TLS, or what it warns of. RFC 8446 §6.
package struct TLSAlert: Equatable, Sendable {
    package let isFatal: Bool
    package let description: UInt8

    /// Returns `nil` where there are not two bytes.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount == 2 else { return nil }
        isFatal = bytes.uint8(at: 0) == 2
        description = bytes.uint8(at: 1)
    }

    package var isCloseNotify: Bool { description == 0 }

    /// The name in IANA's registry, or `alert_` and the number.
    package var name: String { Self.names[description] ?? "alert_\(description)" }

    private static let names: [UInt8: String] = [
        0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed",
        22: "record_overflow", 30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate",
        42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired",
        46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
        51: "decrypt_error", 52: "too_many_cids_requested", 60: "export_restriction", 70: "protocol_version",
        71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled",
        100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension",
        111: "certificate_unobtainable",
        112: "unrecognized_name", 113: "bad_certificate_status_response", 114: "bad_certificate_hash_value",
        115: "unknown_psk_identity", 116: "certificate_required", 120: "no_application_protocol", 121: "ech_required",
    ]
}
