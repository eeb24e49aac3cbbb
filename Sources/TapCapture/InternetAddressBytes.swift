import Glibc

/// The bytes of the IPv4 or IPv6 address in a socket address.
struct InternetAddressBytes {
    private let family: Int32
    private let bytes: [UInt8]

    /// `nil` where the socket address is of another family.
    init?(_ address: UnsafeMutablePointer<sockaddr>) {
        family = Int32(address.pointee.sa_family)
        switch family {
        case AF_INET:
            bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
    }

    /// The length of the prefix that the address means as a mask.
    var leadingOnes: Int {
        let whole = bytes.prefix { $0 == 0xFF }.count
        return whole * 8 + (whole < bytes.count ? (~bytes[whole]).leadingZeroBitCount : 0)
    }

    var text: String {
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(family, bytes, &characters, socklen_t(characters.count))
        return String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
