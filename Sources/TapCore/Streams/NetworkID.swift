/// Which of the networks that share a cable a packet belongs to: its VLANs (IEEE 802.1Q) and its virtual networks
/// (VXLAN, RFC 7348; Geneve, RFC 8926; NVGRE, RFC 7637; instances of LISP, RFC 9300; services of IEEE 802.1ah), the outermost
/// first.
///
/// Of more than fits, the innermost are kept: two VLANs and a virtual network do fit.
@frozen
public struct NetworkID: Hashable, Sendable, Codable {
    /// Elements of two bits that name the kind and 12 or 24 bits that name the network; the innermost lies lowest.
    @usableFromInline package let rawValue: UInt64

    /// No network is named.
    @inlinable public static var unnamed: NetworkID { NetworkID(rawValue: 0) }

    @inlinable
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// One of the networks in another.
    public enum Element: Hashable, Sendable, CustomStringConvertible {
        /// The identifier of a VLAN, 1...4095.
        case vlan(Int)
        /// The identifier of a virtual network, 24 bits.
        case virtual(Int)

        public var description: String {
            switch self {
            case .vlan(let identifier): "VLAN \(identifier)"
            case .virtual(let identifier): "VNI \(identifier)"
            }
        }

        fileprivate var rawValue: UInt64 {
            switch self {
            case .vlan(let identifier): UInt64(identifier) << 2 | NetworkID.vlanKind
            case .virtual(let identifier): UInt64(identifier) << 2 | NetworkID.virtualKind
            }
        }

        /// How many bits it takes.
        fileprivate var width: Int {
            switch self {
            case .vlan: 14
            case .virtual: 26
            }
        }
    }

    private static let vlanKind: UInt64 = 1
    private static let virtualKind: UInt64 = 2

    private init(_ element: Element) { self.init(rawValue: element.rawValue) }

    /// Zero only carries a priority and names no VLAN. IEEE 802.1Q §9.6.
    package static func vlan(_ tag: UInt16) -> NetworkID {
        let identifier = Int(tag & 0x0FFF)
        return identifier == 0 ? .unnamed : NetworkID(.vlan(identifier))
    }

    /// The identifier is the upper three bytes.
    package static func virtual(_ word: UInt32) -> NetworkID { NetworkID(.virtual(Int(word >> 8))) }

    /// This network in another one.
    package func inside(_ outer: NetworkID) -> NetworkID {
        guard outer != .unnamed else { return self }
        var (value, width) = (rawValue, elements.reduce(0) { $0 + $1.width })
        for element in outer.elements.reversed() where width + element.width <= UInt64.bitWidth {
            value |= element.rawValue << UInt64(width)
            width += element.width
        }
        return NetworkID(rawValue: value)
    }

    /// The networks, the outermost first.
    public var elements: [Element] {
        var elements: [Element] = []
        var rest = rawValue
        while rest != 0 {
            let element: Element =
                rest & 3 == NetworkID.vlanKind ? .vlan(Int(rest >> 2 & 0x0FFF)) : .virtual(Int(rest >> 2 & 0xFF_FFFF))
            elements.append(element)
            rest >>= UInt64(element.width)
        }
        return elements.reversed()
    }
}
