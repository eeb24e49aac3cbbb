import TapCore

/// How keys come out of secrets.
package enum KeyDerivation {
    /// HKDF-Expand of RFC 5869 §2.3; at most 255 digests.
    package static func expand(_ function: HashFunction, _ key: RawSpan, info: RawSpan, count: Int) -> [UInt8] {
        let hmac = HMAC(function, key: key)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 1
        while output.count < count, number > 0 {
            var message = hmac.begin()
            message.update(block.span.bytes)
            message.update(info)
            let last = [number]
            message.update(last.span.bytes)
            let digest = hmac.finish(message)
            block.removeAll(keepingCapacity: true)
            block.append(digest.span.bytes.upTo(function.length))
            output += block
            number &+= 1
        }
        Secret.wipe(&block)
        output.removeLast(max(output.count - count, 0))
        return output
    }

    /// HKDF-Extract of RFC 5869 §2.2.
    package static func extract(_ function: HashFunction, salt: [UInt8], from input: RawSpan) -> [UInt8] {
        let nothing: [UInt8] = []
        var key: [UInt8] = []
        HMAC(function, key: salt.span.bytes).append(codeOf: input, nothing.span.bytes, to: &key)
        return key
    }

    /// HKDF-Expand-Label without a context. RFC 8446 §7.1.
    package static func expandLabel(
        _ function: HashFunction, _ secret: RawSpan, _ label: StaticString, count: Int
    ) -> [UInt8] {
        let name = "tls13 \(label)"
        var info: [UInt8] = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
        info.append(UInt8(truncatingIfNeeded: name.utf8.count))
        info += name.utf8
        info.append(0)
        return expand(function, secret, info: info.span.bytes, count: count)
    }

    /// The traffic secret that follows one by an update. RFC 8446 §7.2, RFC 9001 §6.1.
    package static func nextTrafficSecret(
        after secret: Secret, _ function: HashFunction, _ schedule: KeySchedule = .tls
    ) -> Secret {
        var next = expandLabel(function, secret.bytes, schedule.update, count: secret.count)
        return Secret(wiping: &next)
    }

    /// The pseudorandom function of TLS 1.2 (RFC 5246 §5), or where there is no `function` that of 1.0 and 1.1 (RFC 2246 §5).
    package static func pseudorandom(
        _ function: HashFunction?, _ secret: RawSpan, label: StaticString, seed: [UInt8], count: Int
    ) -> [UInt8] {
        let seed = Array("\(label)".utf8) + seed
        if let function { return expandData(function, secret, seed, count) }
        let half = (secret.byteCount + 1) / 2
        var output = expandData(.md5, secret.upTo(half), seed, count)
        var other = expandData(.sha1, secret.from(secret.byteCount - half), seed, count)
        for index in output.indices { output[index] ^= other[index] }
        Secret.wipe(&other)
        return output
    }

    /// P_hash of RFC 5246 §5.
    private static func expandData(
        _ function: HashFunction, _ secret: RawSpan, _ seed: [UInt8], _ count: Int
    ) -> [UInt8] {
        let hmac = HMAC(function, key: secret)
        let nothing: [UInt8] = []
        var output: [UInt8] = []
        var chain = seed
        while output.count < count {
            var next: [UInt8] = []
            hmac.append(codeOf: chain.span.bytes, nothing.span.bytes, to: &next)
            chain = next
            hmac.append(codeOf: chain.span.bytes, seed.span.bytes, to: &output)
        }
        Secret.wipe(&chain)
        output.removeLast(output.count - count)
        return output
    }
}
