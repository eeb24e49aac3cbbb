import TapHTTP

/// What the extensions in force mean for the frames, in two bytes: it is kept for each connection. RFC 6455 §9, RFC 7692 §6.
@usableFromInline
package struct AgreedExtensions: Equatable, Sendable {
    @usableFromInline var facts: Facts

    /// The three lowest are the reserved bits that may be set.
    @usableFromInline
    struct Facts: OptionSet, Sendable {
        @usableFromInline var rawValue: UInt16

        @inlinable init(rawValue: UInt16) { self.rawValue = rawValue }

        @inlinable static var areReservedBitsKnown: Facts { Facts(rawValue: 1 << 3) }
        @inlinable static var isCompressed: Facts { Facts(rawValue: 1 << 4) }
        static let clientResetsContext = Facts(rawValue: 1 << 5)
        static let serverResetsContext = Facts(rawValue: 1 << 6)
        /// Where it lies how many bits the client's window is smaller than the largest; the server's follows.
        static let windows = 7
    }

    /// The handshake was not captured.
    package static let unknown = AgreedExtensions(facts: [])

    /// The reserved bits (4, 2 and 1 for RSV1, RSV2 and RSV3) that may be set; `nil` where that is not known.
    @inlinable package var reservedBits: UInt8? {
        facts.contains(.areReservedBitsKnown) ? UInt8(truncatingIfNeeded: facts.rawValue & 0x7) : nil
    }

    /// Whether permessage-deflate is known to be in force.
    @inlinable package var isCompressed: Bool { facts.contains(.isCompressed) }

    /// Whether a message with RSV1 is one that permessage-deflate has compressed.
    @inlinable package var compressesMessages: Bool { isCompressed || !facts.contains(.areReservedBitsKnown) }

    /// Whether a peer begins each compressed message with an empty window. RFC 7692 §7.1.1.
    package func resetsContext(of sender: Sender) -> Bool {
        facts.contains(sender == .client ? .clientResetsContext : .serverResetsContext)
    }

    /// The base-2 logarithm of the window that a peer may use: 15 where nothing less is agreed on. RFC 7692 §7.1.2.
    package func windowBits(of sender: Sender) -> Int {
        15 - Int(facts.rawValue >> AgreedExtensions.window(of: sender) & 0x7)
    }

    /// Whether an extension may change payloads in a way that is not known.
    @inlinable package var hasUnknown: Bool { reservedBits == 0x7 }

    private init(facts: Facts) { self.facts = facts }

    /// What a 101 agrees on.
    package init(_ response: HTTPHead) {
        let list = ExtensionList(response.fields)
        var bits: UInt16 = 0
        for element in list.elements {
            switch element.name {
            case DeflateParameters.name, "x-webkit-deflate-frame": bits |= 0x4
            default: bits |= 0x7
            }
        }
        facts = [.areReservedBitsKnown, Facts(rawValue: list.malformed.isEmpty ? bits : 0x7)]
        guard let element = list.deflate.first else { return }
        let (parameters, _) = DeflateParameters.parse(element, isOffer: false)
        facts.insert(.isCompressed)
        if parameters.resetsContext(of: .client) { facts.insert(.clientResetsContext) }
        if parameters.resetsContext(of: .server) { facts.insert(.serverResetsContext) }
        limitWindow(of: .client, to: parameters.clientMaxWindowBits)
        limitWindow(of: .server, to: parameters.serverMaxWindowBits)
    }

    /// The same where it does not bind a peer to a smaller window than the largest.
    package func withoutWindowLimit(of sender: Sender) -> AgreedExtensions {
        var other = self
        other.facts.rawValue &= ~(0x7 << AgreedExtensions.window(of: sender))
        return other
    }

    private mutating func limitWindow(of sender: Sender, to bits: Int?) {
        guard let bits else { return }
        facts.rawValue |= UInt16(15 - bits) << AgreedExtensions.window(of: sender)
    }

    private static func window(of sender: Sender) -> Int {
        sender == .client ? Facts.windows : Facts.windows + 3
    }
}
