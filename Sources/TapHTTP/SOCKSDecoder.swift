import TapCore

/// Reads what a client and a SOCKS proxy say to each other before the connection that the client asks for begins, and notices
/// early that it is something else: version 5 (RFC 1928, with the password of RFC 1929), 4 and 4a.
///
/// Which of the two has said it shows in the bytes. Passwords are stepped over, and kept no longer than the rest.
struct SOCKSDecoder {
    enum Progress: Equatable {
        case going
        /// What the client asked for; `nil` where it is the proxy that speaks.
        case whole(ProxyHeader?)
        /// It is something else, and so are the bytes that were taken.
        case absent
    }

    /// What was taken so far.
    private(set) var bytes: [UInt8] = []

    /// Longer than any name, password and address together.
    private static let longest = 1_100

    /// Whether the first byte of all may be one of SOCKS.
    static func mayBegin(with first: UInt8) -> Bool { first == 5 || first == 4 || first == 0 }

    /// Consumes bytes from `offset` up to the end of what is said, or as long as it may be that.
    mutating func read(_ span: RawSpan, from offset: inout Int) -> Progress {
        while offset < span.byteCount {
            bytes.append(span.uint8(at: offset))
            offset += 1
            let (client, proxy) = (SOCKSClient.progress(bytes), SOCKSDecoder.proxy(bytes))
            if client != .absent, client != .going { return client }
            if proxy != .absent, proxy != .going { return proxy }
            guard client == .going || proxy == .going, bytes.count < SOCKSDecoder.longest else { return .absent }
        }
        return .going
    }

    /// The proxy's answers: the method, whether the password is right, and that the connection is there.
    private static func proxy(_ bytes: [UInt8]) -> Progress {
        guard bytes[0] == 5 else {
            guard bytes[0] == 0, bytes.count < 2 || bytes[1] == 0x5A else { return .absent }
            return bytes.count < 8 ? .going : .whole(nil)
        }
        guard bytes.count > 1 else { return .going }
        guard bytes[1] == 0 || bytes[1] == 2 else { return .absent }
        var place = 2
        if bytes[1] == 2 {
            guard bytes[place...].prefix(2).elementsEqual([1, 0].prefix(bytes.count - place)) else { return .absent }
            place += 2
        }
        guard bytes.count > place else { return .going }
        guard bytes[place...].prefix(3).elementsEqual([5, 0, 0].prefix(bytes.count - place)) else { return .absent }
        switch SOCKSAddress(bytes, at: place + 3) {
        case .going: return .going
        case .absent: return .absent
        case .whole: return .whole(nil)
        }
    }
}

/// What a client of SOCKS says.
private enum SOCKSClient {
    static func progress(_ bytes: [UInt8]) -> SOCKSDecoder.Progress {
        switch bytes[0] {
        case 5: version5(bytes)
        case 4: version4(bytes)
        case _: .absent
        }
    }

    /// The methods that it offers, a name and a password where they were asked for, and where it wants to be connected to.
    private static func version5(_ bytes: [UInt8]) -> SOCKSDecoder.Progress {
        guard bytes.count > 1 else { return .going }
        guard bytes[1] > 0 else { return .absent }
        var place = 2 + Int(bytes[1])
        guard bytes.count > place else { return .going }
        if bytes[place] == 1 {
            for _ in 0..<2 {
                guard bytes.count > place + 1 else { return .going }
                place += 1 + Int(bytes[place + 1])
            }
            place += 1
        }
        guard bytes.count > place else { return .going }
        guard bytes[place...].prefix(3).elementsEqual([5, 1, 0].prefix(bytes.count - place)) else { return .absent }
        switch SOCKSAddress(bytes, at: place + 3) {
        case .going: return .going
        case .absent: return .absent
        case .whole(let host, let port): return .whole(ProxyHeader(version: 5, addresses: .requested(host, port: port)))
        }
    }

    /// A port, an address, and a name that ends with a zero; in version 4a the name of a host behind it, where the address says
    /// that it is none.
    private static func version4(_ bytes: [UInt8]) -> SOCKSDecoder.Progress {
        guard bytes.count < 2 || bytes[1] == 1 else { return .absent }
        guard bytes.count > 8 else { return .going }
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        guard let end = bytes[8...].firstIndex(of: 0) else { return .going }
        guard bytes[4] == 0, bytes[5] == 0, bytes[6] == 0, bytes[7] != 0 else {
            let host = SOCKSAddress.text(bytes[4..<8])
            return .whole(ProxyHeader(version: 4, addresses: .requested(host, port: port)))
        }
        guard let last = bytes[(end + 1)...].firstIndex(of: 0) else { return .going }
        let host = String(decoding: bytes[(end + 1)..<last], as: UTF8.self)
        return .whole(ProxyHeader(version: 4, addresses: .requested(host, port: port)))
    }
}

/// An address of SOCKS 5 as far as it is there. RFC 1928 §5.
private enum SOCKSAddress {
    case going
    case absent
    case whole(host: String, port: UInt16)

    init(_ bytes: [UInt8], at place: Int) {
        guard bytes.count > place + 1 else {
            self = bytes.count > place && ![1, 3, 4].contains(bytes[place]) ? .absent : .going
            return
        }
        let (start, length): (Int, Int)
        switch bytes[place] {
        case 1: (start, length) = (place + 1, 4)
        case 3: (start, length) = (place + 2, Int(bytes[place + 1]))
        case 4: (start, length) = (place + 1, 16)
        case _:
            self = .absent
            return
        }
        let end = start + length
        guard bytes.count >= end + 2 else {
            self = .going
            return
        }
        let address = bytes[start..<end]
        let host = bytes[place] == 3 ? String(decoding: address, as: UTF8.self) : SOCKSAddress.text(address)
        self = .whole(host: host, port: UInt16(bytes[end]) << 8 | UInt16(bytes[end + 1]))
    }

    static func text(_ address: ArraySlice<UInt8>) -> String { IPAddress(bytes: Array(address))?.description ?? "" }
}
