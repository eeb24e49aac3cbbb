import TapCore
import TapSecurity

/// Writes packets and frames of QUIC, for conversations that nobody has captured. RFC 9000, RFC 9001.
package enum QUICBytes {
    package static let version1: UInt32 = 1
    package static let version2: UInt32 = 0x6B33_43CF

    /// An integer of the fewest bytes that hold it. RFC 9000 §16.
    package static func integer(_ value: UInt64) -> [UInt8] {
        switch value {
        case ..<64: [UInt8(value)]
        case ..<16_384: bigEndian(UInt16(value) | 0x4000)
        case ..<1_073_741_824: bigEndian(UInt32(value) | 0x8000_0000)
        case _: bigEndian(value | 0xC000_0000_0000_0000)
        }
    }

    /// The bytes that pairs of hexadecimal digits stand for.
    package static func bytes(ofHex text: String) -> [UInt8] {
        let digits = text.utf8.compactMap { Hex.value(ofDigit: $0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func sized(_ bytes: [UInt8]) -> [UInt8] { integer(UInt64(bytes.count)) + bytes }

    // MARK: Frames

    package static func crypto(_ bytes: some Collection<UInt8>, at offset: Int = 0) -> [UInt8] {
        [6] + integer(UInt64(offset)) + sized(Array(bytes))
    }

    package static func stream(
        _ id: UInt64, _ bytes: some Collection<UInt8>, at offset: Int = 0, isLast: Bool = false
    ) -> [UInt8] {
        [isLast ? 0x0F : 0x0E] + integer(id) + integer(UInt64(offset)) + sized(Array(bytes))
    }

    /// Says that all packets of a range came. RFC 9000 §19.3.
    package static func acknowledgment(_ range: ClosedRange<UInt64>) -> [UInt8] {
        [2] + integer(range.upperBound) + [0, 0] + integer(range.upperBound - range.lowerBound)
    }

    // MARK: Hellos

    package static func clientHello(
        random: [UInt8], serverName: String, protocols: [String] = ["h3"], padding: Int = 0
    ) -> [UInt8] {
        let name = Array(serverName.utf8)
        let names = [0] + bigEndian(UInt16(name.count)) + name
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        var extensions = extend(0, bigEndian(UInt16(names.count)) + names)
        extensions += extend(16, bigEndian(UInt16(list.count)) + list)
        extensions += extend(43, [2, 3, 4]) + extend(21, [UInt8](repeating: 0, count: padding))
        return message(
            1, [3, 3] + random + [0, 0, 2, 0x13, 0x01, 1, 0] + bigEndian(UInt16(extensions.count)) + extensions)
    }

    package static func serverHello(suite: UInt16 = 0x1301) -> [UInt8] {
        let extensions = extend(43, [3, 4])
        let random = [UInt8](repeating: 7, count: 32)
        return message(
            2, [3, 3] + random + [0] + bigEndian(suite) + [0] + bigEndian(UInt16(extensions.count)) + extensions)
    }

    package static func encryptedExtensions(protocol name: String) -> [UInt8] {
        let list = [UInt8(name.utf8.count)] + Array(name.utf8)
        let extensions = extend(16, bigEndian(UInt16(list.count)) + list)
        return message(8, bigEndian(UInt16(extensions.count)) + extensions)
    }

    private static func extend(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
        bigEndian(type) + bigEndian(UInt16(content.count)) + content
    }

    private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 0] + bigEndian(UInt16(body.count)) + body
    }
}

/// Protects packets of one direction at one level.
package struct QUICSealer {
    private let sealer: RecordSealer
    private let headers: HeaderProtection
    private let version: UInt32

    /// Returns `nil` for a suite that QUIC has not.
    package init?(_ version: UInt32, suite: UInt16 = 0x1301, secret: [UInt8]) {
        let schedule = version == QUICBytes.version2 ? KeySchedule.quic2 : .quic
        let suite = CipherSuite(rawValue: suite)
        guard let protection = suite.protection,
            let headers = HeaderProtection(suite, secret: Secret(copying: secret.span.bytes), schedule)
        else { return nil }
        let (hash, cipher) = (protection.hash, protection.cipher)
        let key = KeyDerivation.expandLabel(hash, secret.span.bytes, schedule.key, count: cipher.keyLength)
        let iv = KeyDerivation.expandLabel(hash, secret.span.bytes, schedule.iv, count: 12)
        let name =
            switch cipher {
            case .aes256GCM: "AES-256-GCM"
            case .chaCha20Poly1305: "ChaCha20-Poly1305"
            case _: "AES-128-GCM"
            }
        sealer = RecordSealer(cipher: name, key: key, iv: iv)
        self.headers = headers
        self.version = version
    }

    /// That of Initial packets. RFC 9001 §5.2, RFC 9369 §3.3.1.
    package static func initial(_ version: UInt32, of sender: String, clientID: [UInt8]) -> QUICSealer? {
        let salt =
            version == QUICBytes.version2
            ? "0dede3def700a6db819381be6e269dcbf9bd2ed9" : "38762cf7f55934b34d179ae6a4c80cadccbb7f0a"
        let common = KeyDerivation.extract(.sha256, salt: QUICBytes.bytes(ofHex: salt), from: clientID.span.bytes)
        let label: StaticString = sender == "client" ? "client in" : "server in"
        return QUICSealer(
            version, secret: KeyDerivation.expandLabel(.sha256, common.span.bytes, label, count: 32))
    }

    private init(_ sealer: RecordSealer, _ headers: HeaderProtection, _ version: UInt32) {
        self.sealer = sealer
        self.headers = headers
        self.version = version
    }

    /// The same after an update, whose keys are for the packets alone.
    package func with(packetsOf other: QUICSealer) -> QUICSealer { QUICSealer(other.sealer, headers, version) }

    package enum Kind: UInt8 { case initial, zeroRTT, handshake }

    /// A packet with a long header.
    package func long(
        _ kind: Kind, to destination: [UInt8], from source: [UInt8], _ number: UInt64, _ frames: [UInt8],
        token: [UInt8] = [], hasFixedBit: Bool = true
    ) -> [UInt8] {
        let type = version == QUICBytes.version2 ? kind.rawValue + 1 : kind.rawValue
        var header: [UInt8] = [(hasFixedBit ? 0xC1 : 0x81) | type << 4] + bigEndian(version)
        header += [UInt8(destination.count)] + destination + [UInt8(source.count)] + source
        if kind == .initial { header += QUICBytes.integer(UInt64(token.count)) + token }
        let padded = frames + [UInt8](repeating: 0, count: max(0, 4 - frames.count))
        header += bigEndian(UInt16(2 + padded.count + 16) | 0x4000)
        return protect(header, number, padded)
    }

    /// A packet with a short header.
    package func short(
        to destination: [UInt8], _ number: UInt64, _ frames: [UInt8], keyPhase: Bool = false, hasFixedBit: Bool = true
    ) -> [UInt8] {
        let padded = frames + [UInt8](repeating: 0, count: max(0, 4 - frames.count))
        return protect([(hasFixedBit ? 0x41 : 1) | (keyPhase ? 4 : 0)] + destination, number, padded)
    }

    private func protect(_ start: [UInt8], _ number: UInt64, _ frames: [UInt8]) -> [UInt8] {
        let header = start + bigEndian(UInt16(truncatingIfNeeded: number))
        var packet = header + sealer.seal(frames, number, behind: header)
        let sample = start.count + 4
        let mask = headers.mask(for: packet.span.bytes.extracting(sample..<sample + 16))
        packet[0] ^= mask[0] & (packet[0] & 0x80 != 0 ? 0x0F : 0x1F)
        for index in 0..<2 { packet[start.count + index] ^= mask[1 + index] }
        return packet
    }
}
