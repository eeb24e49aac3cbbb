import TapAnalysis
import TapCore
import TapTransport

/// What of one kind was not read, as records and words tell it.
struct UnreadItem {
    enum Kind: String {
        case linkType = "link-type"
        case tls, quic, cut
        case notTCP = "not-tcp"
    }

    let kind: Kind
    /// `link type USER0 (147): 18 packets not read`
    let words: String
    var name: String?
    /// A link type's registered number; what the capture holds of each packet that is cut, in bytes.
    var number: UInt64?
    var packets: UInt64?
    var connections: UInt64?

    init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }
}

extension Summary {
    /// What was not read, in the order in which it is told.
    var unreadItems: [UnreadItem] {
        unread.linkTypeItems
            + [
                UnreadItem(.tls, connections: unread.tlsConnections, "TLS"),
                UnreadItem(.quic, connections: unread.quicConnections, "QUIC"), UnreadItem(cut: unread.cuts),
                UnreadItem(otherThanTCP: otherPackets, isQUICRead: quic.read > 0),
            ].compactMap(\.self)
    }

    /// What to say in place of a result where there was no connection to judge; `nil` where there was one.
    /// - Parameter handshakesOnly: whether connections whose handshakes were not captured count for nothing.
    func nothingJudged(handshakesOnly: Bool = false) -> String? {
        guard judged(handshakesOnly: handshakesOnly) == 0 else { return nil }
        let what = handshakesOnly ? "no WebSocket handshake" : "no WebSocket connection"
        return "\(what) in \(Decimal.counted(packets, "packet")) and "
            + Decimal.counted(UInt64(clamping: flows), "TCP connection")
    }
}

extension UnreadItem {
    fileprivate init?(_ kind: Kind, connections: Int, _ name: String) {
        guard connections > 0 else { return nil }
        let count = UInt64(clamping: connections)
        self.init(kind, "\(Decimal.counted(count, "connection")) \(count == 1 ? "is" : "are") \(name)")
        self.connections = count
    }

    fileprivate init?(cut packets: CutPackets) {
        guard packets.count > 0 else { return nil }
        let lengths = packets.length.map { "\($0)" } ?? "\(packets.shortest) to \(packets.longest)"
        self.init(.cut, "\(UnreadItem.packetsAre(packets.count)) cut at \(lengths) bytes")
        number = packets.length.map { UInt64(clamping: $0) }
        self.packets = packets.count
    }

    /// - Parameter isQUICRead: whether QUIC was read, which is UDP; that of it which was not is told as connections.
    fileprivate init?(otherThanTCP packets: OtherPackets, isQUICRead: Bool) {
        let kinds = OtherPacket.allCases.filter { $0.isNotTCP && packets[$0] > 0 && !(isQUICRead && $0 == .udp) }
        guard !kinds.isEmpty else { return nil }
        let count = kinds.reduce(0) { $0 + packets[$1] }
        let names = kinds.map { "\(Decimal.grouped(packets[$0])) \($0.rawValue)" }.joined(separator: ", ")
        self.init(.notTCP, "\(UnreadItem.packetsAre(count)) not TCP (\(names))")
        self.packets = count
    }

    fileprivate static func packetsAre(_ count: UInt64) -> String {
        "\(Decimal.counted(count, "packet")) \(count == 1 ? "is" : "are")"
    }
}

extension Unread {
    fileprivate var linkTypeItems: [UnreadItem] {
        var items = linkTypes.sorted { $0.key.rawValue < $1.key.rawValue }.map { type, packets in
            let name = linkTypeNames[type]
            let words = name.map { "link type \($0) (\(type.rawValue))" } ?? "link type \(type.rawValue)"
            var item = UnreadItem(.linkType, "\(words): \(Decimal.counted(packets, "packet")) not read")
            (item.name, item.number, item.packets) = (name, UInt64(type.rawValue), packets)
            return item
        }
        if furtherLinkTypes > 0 {
            let packets = Decimal.counted(furtherLinkTypes, "packet")
            var item = UnreadItem(.linkType, "further link types: \(packets) not read")
            item.packets = furtherLinkTypes
            items.append(item)
        }
        return items
    }
}

extension OtherPacket {
    /// Whether such packets are whole, or look it, and hold no TCP.
    fileprivate var isNotTCP: Bool {
        switch self {
        case .arp, .udp, .icmp, .sctp, .otherIP, .otherNetwork, .malformed: true
        // These are told otherwise, or belong to packets that are.
        case .fragment, .otherLink, .cutShort: false
        }
    }
}
