import TapCore

/// A cipher suite by its number, of which ``protection`` is known for those that are read.
package struct CipherSuite: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// How records are protected, and with which hash keys are derived.
    package struct Protection: Equatable, Sendable {
        package let cipher: Cipher
        /// The function of the record's code, for CBC.
        package let mac: HashFunction?
        /// The hash of the key schedule, from TLS 1.2 on.
        package let hash: HashFunction
    }

    package var protection: Protection? { known?.row.protection }

    /// The name in IANA's registry, or `0x` and four digits for a suite that is not read.
    package var name: String {
        guard let (row, exchange) = known else {
            return "0x" + Hex.string([UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)])
        }
        return exchange.isEmpty ? "TLS_\(row.name)" : "TLS_\(exchange)_WITH_\(row.name)"
    }

    /// The length of an encrypted alert's body in TLS 1.3: nothing else that a handshake has under encryption is so short, since
    /// a message has a header of four bytes. `nil` for a suite that is not read. RFC 8446 §5.2, §6.
    var encryptedAlertLength: Int? { protection.map { 2 + 1 + $0.cipher.tagLength } }

    /// Whether the client sends the secret encrypted with the server's RSA key. RFC 5246 §7.4.7.1.
    package var usesRSAKeyExchange: Bool { known?.exchange == "RSA" }

    /// Those of TLS 1.3, the likelier ones first.
    package static let ofTLS13: [CipherSuite] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305].map {
        CipherSuite(rawValue: $0)
    }

    /// A table of them all takes longer to make than a connection takes to look some up, which most captures need not.
    private var known: (row: Row, exchange: String)? {
        for row in Self.rows {
            for (number, exchange) in row.suites where number == rawValue { return (row, exchange) }
        }
        return nil
    }

    private struct Row {
        let name: String
        let protection: Protection
        let suites: [(UInt16, String)]

        init(
            _ name: String, _ cipher: Cipher, mac: HashFunction? = nil, _ hash: HashFunction,
            _ suites: [(UInt16, String)]
        ) {
            self.name = name
            protection = Protection(cipher: cipher, mac: mac, hash: hash)
            self.suites = suites
        }
    }

    /// RFC 8446 §B.4, 5288, 5289, 5487, 5489, 6655, 7251, 7905, 8442, 5246 §A.5, 8422, 4279, 5932, 6367.
    private static let rows = [
        Row("AES_128_GCM_SHA256", .aes128GCM, .sha256, [(0x1301, "")]),
        Row("AES_256_GCM_SHA384", .aes256GCM, .sha384, [(0x1302, "")]),
        Row("CHACHA20_POLY1305_SHA256", .chaCha20Poly1305, .sha256, [(0x1303, "")]),
        Row("AES_128_CCM_SHA256", .aes128CCM, .sha256, [(0x1304, "")]),
        Row("AES_128_CCM_8_SHA256", .aes128CCM8, .sha256, [(0x1305, "")]),
        Row(
            "AES_128_GCM_SHA256", .aes128GCM, .sha256,
            [
                (0x009C, "RSA"), (0x009E, "DHE_RSA"), (0x00A0, "DH_RSA"), (0x00A2, "DHE_DSS"), (0x00A4, "DH_DSS"),
                (0x00A6, "DH_anon"), (0x00A8, "PSK"), (0x00AA, "DHE_PSK"), (0x00AC, "RSA_PSK"), (0xC02B, "ECDHE_ECDSA"),
                (0xC02D, "ECDH_ECDSA"), (0xC02F, "ECDHE_RSA"), (0xC031, "ECDH_RSA"), (0xD001, "ECDHE_PSK"),
            ]),
        Row(
            "AES_256_GCM_SHA384", .aes256GCM, .sha384,
            [
                (0x009D, "RSA"), (0x009F, "DHE_RSA"), (0x00A1, "DH_RSA"), (0x00A3, "DHE_DSS"), (0x00A5, "DH_DSS"),
                (0x00A7, "DH_anon"), (0x00A9, "PSK"), (0x00AB, "DHE_PSK"), (0x00AD, "RSA_PSK"), (0xC02C, "ECDHE_ECDSA"),
                (0xC02E, "ECDH_ECDSA"), (0xC030, "ECDHE_RSA"), (0xC032, "ECDH_RSA"), (0xD002, "ECDHE_PSK"),
            ]),
        Row(
            "AES_128_CCM", .aes128CCM, .sha256,
            [(0xC09C, "RSA"), (0xC09E, "DHE_RSA"), (0xC0A4, "PSK"), (0xC0AC, "ECDHE_ECDSA")]),
        Row(
            "AES_256_CCM", .aes256CCM, .sha256,
            [(0xC09D, "RSA"), (0xC09F, "DHE_RSA"), (0xC0A5, "PSK"), (0xC0AD, "ECDHE_ECDSA")]),
        Row(
            "AES_128_CCM_8", .aes128CCM8, .sha256,
            [(0xC0A0, "RSA"), (0xC0A2, "DHE_RSA"), (0xC0A8, "PSK"), (0xC0AE, "ECDHE_ECDSA")]),
        Row(
            "AES_256_CCM_8", .aes256CCM8, .sha256,
            [(0xC0A1, "RSA"), (0xC0A3, "DHE_RSA"), (0xC0A9, "PSK"), (0xC0AF, "ECDHE_ECDSA")]),
        Row(
            "CHACHA20_POLY1305_SHA256", .chaCha20Poly1305, .sha256,
            [
                (0xCCA8, "ECDHE_RSA"), (0xCCA9, "ECDHE_ECDSA"), (0xCCAA, "DHE_RSA"), (0xCCAB, "PSK"),
                (0xCCAC, "ECDHE_PSK"), (0xCCAD, "DHE_PSK"), (0xCCAE, "RSA_PSK"),
            ]),
        Row(
            "AES_128_CBC_SHA", .aes128CBC, mac: .sha1, .sha256,
            [
                (0x002F, "RSA"), (0x0030, "DH_DSS"), (0x0031, "DH_RSA"), (0x0032, "DHE_DSS"), (0x0033, "DHE_RSA"),
                (0x0034, "DH_anon"), (0x008C, "PSK"), (0x0090, "DHE_PSK"), (0x0094, "RSA_PSK"), (0xC004, "ECDH_ECDSA"),
                (0xC009, "ECDHE_ECDSA"), (0xC00E, "ECDH_RSA"), (0xC013, "ECDHE_RSA"), (0xC018, "ECDH_anon"),
                (0xC035, "ECDHE_PSK"),
            ]),
        Row(
            "AES_256_CBC_SHA", .aes256CBC, mac: .sha1, .sha256,
            [
                (0x0035, "RSA"), (0x0036, "DH_DSS"), (0x0037, "DH_RSA"), (0x0038, "DHE_DSS"), (0x0039, "DHE_RSA"),
                (0x003A, "DH_anon"), (0x008D, "PSK"), (0x0091, "DHE_PSK"), (0x0095, "RSA_PSK"), (0xC005, "ECDH_ECDSA"),
                (0xC00A, "ECDHE_ECDSA"), (0xC00F, "ECDH_RSA"), (0xC014, "ECDHE_RSA"), (0xC019, "ECDH_anon"),
                (0xC036, "ECDHE_PSK"),
            ]),
        Row(
            "AES_128_CBC_SHA256", .aes128CBC, mac: .sha256, .sha256,
            [
                (0x003C, "RSA"), (0x003E, "DH_DSS"), (0x003F, "DH_RSA"), (0x0040, "DHE_DSS"), (0x0067, "DHE_RSA"),
                (0x006C, "DH_anon"), (0x00AE, "PSK"), (0x00B2, "DHE_PSK"), (0x00B6, "RSA_PSK"), (0xC023, "ECDHE_ECDSA"),
                (0xC025, "ECDH_ECDSA"), (0xC027, "ECDHE_RSA"), (0xC029, "ECDH_RSA"), (0xC037, "ECDHE_PSK"),
            ]),
        Row(
            "AES_256_CBC_SHA256", .aes256CBC, mac: .sha256, .sha256,
            [
                (0x003D, "RSA"), (0x0068, "DH_DSS"), (0x0069, "DH_RSA"), (0x006A, "DHE_DSS"), (0x006B, "DHE_RSA"),
                (0x006D, "DH_anon"),
            ]),
        Row(
            "AES_256_CBC_SHA384", .aes256CBC, mac: .sha384, .sha384,
            [
                (0x00AF, "PSK"), (0x00B3, "DHE_PSK"), (0x00B7, "RSA_PSK"), (0xC024, "ECDHE_ECDSA"),
                (0xC026, "ECDH_ECDSA"), (0xC028, "ECDHE_RSA"), (0xC02A, "ECDH_RSA"), (0xC038, "ECDHE_PSK"),
            ]),
        Row(
            "3DES_EDE_CBC_SHA", .tripleDESCBC, mac: .sha1, .sha256,
            [
                (0x000A, "RSA"), (0x000D, "DH_DSS"), (0x0010, "DH_RSA"), (0x0013, "DHE_DSS"), (0x0016, "DHE_RSA"),
                (0x001B, "DH_anon"), (0x008B, "PSK"), (0x008F, "DHE_PSK"), (0x0093, "RSA_PSK"), (0xC003, "ECDH_ECDSA"),
                (0xC008, "ECDHE_ECDSA"), (0xC00D, "ECDH_RSA"), (0xC012, "ECDHE_RSA"), (0xC017, "ECDH_anon"),
                (0xC034, "ECDHE_PSK"),
            ]),
        Row(
            "CAMELLIA_128_CBC_SHA", .camellia128CBC, mac: .sha1, .sha256,
            [
                (0x0041, "RSA"), (0x0042, "DH_DSS"), (0x0043, "DH_RSA"), (0x0044, "DHE_DSS"), (0x0045, "DHE_RSA"),
                (0x0046, "DH_anon"),
            ]),
        Row(
            "CAMELLIA_256_CBC_SHA", .camellia256CBC, mac: .sha1, .sha256,
            [
                (0x0084, "RSA"), (0x0085, "DH_DSS"), (0x0086, "DH_RSA"), (0x0087, "DHE_DSS"), (0x0088, "DHE_RSA"),
                (0x0089, "DH_anon"),
            ]),
        Row(
            "CAMELLIA_128_CBC_SHA256", .camellia128CBC, mac: .sha256, .sha256,
            [
                (0x00BA, "RSA"), (0x00BB, "DH_DSS"), (0x00BC, "DH_RSA"), (0x00BD, "DHE_DSS"), (0x00BE, "DHE_RSA"),
                (0x00BF, "DH_anon"), (0xC072, "ECDHE_ECDSA"), (0xC074, "ECDH_ECDSA"), (0xC076, "ECDHE_RSA"),
                (0xC078, "ECDH_RSA"), (0xC094, "PSK"), (0xC096, "DHE_PSK"), (0xC098, "RSA_PSK"), (0xC09A, "ECDHE_PSK"),
            ]),
        Row(
            "CAMELLIA_256_CBC_SHA256", .camellia256CBC, mac: .sha256, .sha256,
            [
                (0x00C0, "RSA"), (0x00C1, "DH_DSS"), (0x00C2, "DH_RSA"), (0x00C3, "DHE_DSS"), (0x00C4, "DHE_RSA"),
                (0x00C5, "DH_anon"),
            ]),
        Row(
            "CAMELLIA_256_CBC_SHA384", .camellia256CBC, mac: .sha384, .sha384,
            [
                (0xC073, "ECDHE_ECDSA"), (0xC075, "ECDH_ECDSA"), (0xC077, "ECDHE_RSA"), (0xC079, "ECDH_RSA"),
                (0xC095, "PSK"), (0xC097, "DHE_PSK"), (0xC099, "RSA_PSK"), (0xC09B, "ECDHE_PSK"),
            ]),
    ]
}
