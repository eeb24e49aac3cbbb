import CPcap
import Glibc

/// An interface that packets can be captured from, as the system describes it now.
public struct NetworkInterface: Equatable, Sendable {
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let loopback = Flags(rawValue: UInt32(PCAP_IF_LOOPBACK))
        public static let up = Flags(rawValue: UInt32(PCAP_IF_UP))
        public static let running = Flags(rawValue: UInt32(PCAP_IF_RUNNING))
        public static let wireless = Flags(rawValue: UInt32(PCAP_IF_WIRELESS))
    }

    public let name: String
    public let description: String?
    /// IPv4 and IPv6 addresses with the length of their prefix, as in `127.0.0.1/8`.
    public let addresses: [String]
    public let flags: Flags

    /// All interfaces, those most likely wanted first. Throws where the system does not tell them.
    public static func all() throws(CaptureError) -> [NetworkInterface] {
        var buffer = PcapErrorBuffer()
        var first: UnsafeMutablePointer<pcap_if_t>?
        guard pcap_findalldevs(&first, &buffer.characters) == 0 else {
            throw CaptureError("cannot list the network interfaces: \(buffer.text)")
        }
        defer { pcap_freealldevs(first) }
        var interfaces: [NetworkInterface] = []
        var next = first
        while let device = next?.pointee {
            interfaces.append(NetworkInterface(device))
            next = device.next
        }
        return interfaces
    }

    /// Begins a capture and ends it at once: `nil` where this user may capture here now, else what stands against it.
    public func captureObstacle() -> CaptureError? {
        var options = LiveOptions()
        options.bufferSize = 64 << 10
        options.snapshotLength = 64
        do {
            _ = try LiveCapture(interface: name, options: options)
            return nil
        } catch {
            return error
        }
    }

    private init(_ device: pcap_if_t) {
        name = String(cString: device.name)
        description = device.description.map { String(cString: $0) }
        flags = Flags(rawValue: device.flags)
        addresses = NetworkInterface.texts(device.addresses)
    }

    private static func texts(_ first: UnsafeMutablePointer<pcap_addr_t>?) -> [String] {
        var texts: [String] = []
        var next = first
        while let address = next?.pointee {
            if let text = text(address.addr, mask: address.netmask) { texts.append(text) }
            next = address.next
        }
        return texts
    }

    private static func text(
        _ address: UnsafeMutablePointer<sockaddr>?, mask: UnsafeMutablePointer<sockaddr>?
    ) -> String? {
        guard let address, let bytes = InternetAddressBytes(address) else { return nil }
        guard let mask = mask.flatMap({ InternetAddressBytes($0) }) else { return bytes.text }
        return "\(bytes.text)/\(mask.leadingOnes)"
    }
}

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
