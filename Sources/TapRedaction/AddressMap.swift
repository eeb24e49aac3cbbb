import TapCore

/// Puts other addresses in place of those of a capture: each the same one throughout a run, and two that begin with the same bits
/// begin with the same bits again. Which ones, a random key of the run decides, so that nobody can find the way back.
///
/// The construction is that of Crypto-PAn (Xu, Fan, Ammar, Moon: Prefix-preserving IP address anonymization, 2002), with SHA-256
/// for its function.
struct AddressMap: Sendable {
    private let key: [UInt8]
    private var known: [IPAddress: IPAddress] = [:]
    private var lastID: (ConnectionID, ConnectionID)?

    /// Addresses that are remembered; those of more are computed anew, to the same result.
    private static let mostKnown = 65_536

    init() { self.init(key: (0..<32).map { _ in UInt8.random(in: 0...255) }) }

    init(key: [UInt8]) { self.key = key }

    mutating func address(for address: IPAddress) -> IPAddress {
        if let known = known[address] { return known }
        let other = computed(address)
        if known.count >= AddressMap.mostKnown { known.removeAll(keepingCapacity: true) }
        known[address] = other
        return other
    }

    mutating func endpoint(for endpoint: Endpoint) -> Endpoint {
        Endpoint(address: address(for: endpoint.address), port: endpoint.port)
    }

    /// A connection's name is made of its addresses, which could be guessed and tried.
    mutating func id(for id: ConnectionID) -> ConnectionID {
        if let (last, other) = lastID, last == id { return other }
        var input = key
        input += [0]
        input += AddressMap.bytes(of: id.rawValue)
        let digest = SHA256.digest(of: input.span.bytes)
        var value: UInt64 = 0
        for index in 0..<8 { value = value << 8 | UInt64(digest[index]) }
        let other = ConnectionID(rawValue: value)
        lastID = (id, other)
        return other
    }

    /// Each bit is turned over or not depending on the key and on the bits before it.
    private func computed(_ address: IPAddress) -> IPAddress {
        var bytes = address.bytes
        let original = bytes
        for index in 0..<bytes.count * 8 {
            var prefix = original
            for place in prefix.indices {
                let kept = max(0, min(8, index - place * 8))
                prefix[place] &= kept == 0 ? 0 : 0xFF << UInt8(8 - kept)
            }
            let input = key + [UInt8(original.count), UInt8(index)] + prefix
            let bit = SHA256.digest(of: input.span.bytes)[0] & 1
            bytes[index / 8] ^= bit << UInt8(7 - index % 8)
        }
        return IPAddress(bytes: bytes) ?? address
    }

    private static func bytes(of word: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
}
