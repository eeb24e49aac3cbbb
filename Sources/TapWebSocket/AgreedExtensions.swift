import TapHTTP

/// What the extensions in force mean for the frames. RFC 6455 §9, RFC 7692 §6.
package struct AgreedExtensions: Equatable {
    /// The reserved bits (4, 2 and 1 for RSV1, RSV2 and RSV3) that may be set; `nil` where that is not known.
    package var reservedBits: UInt8?
    /// Whether permessage-deflate is known to be in force, and who begins each message with an empty window then.
    private var deflate: Deflate

    /// What is to be known of permessage-deflate while it is in force, in one byte: it is kept for each connection.
    private struct Deflate: OptionSet {
        let rawValue: UInt8

        static let isInForce = Deflate(rawValue: 1)
        static let clientResetsContext = Deflate(rawValue: 2)
        static let serverResetsContext = Deflate(rawValue: 4)
    }

    /// The handshake was not captured.
    package static let unknown = AgreedExtensions(reservedBits: nil, deflate: [])

    /// Whether permessage-deflate is known to be in force.
    package var isCompressed: Bool { deflate.contains(.isInForce) }

    /// Whether a message with RSV1 is one that permessage-deflate has compressed.
    package var compressesMessages: Bool { isCompressed || reservedBits == nil }

    /// Whether a peer begins each compressed message with an empty window. RFC 7692 §7.1.1.
    package func resetsContext(of sender: Sender) -> Bool {
        deflate.contains(sender == .client ? .clientResetsContext : .serverResetsContext)
    }

    /// Whether an extension may change payloads in a way that is not known.
    package var hasUnknown: Bool { reservedBits == 0x7 }

    private init(reservedBits: UInt8?, deflate: Deflate) {
        self.reservedBits = reservedBits
        self.deflate = deflate
    }

    /// What a 101 agrees on.
    package init(_ response: HTTPHead) {
        let list = ExtensionList(response.fields)
        var bits: UInt8 = 0
        for element in list.elements {
            switch element.name {
            case DeflateParameters.name, "x-webkit-deflate-frame": bits |= 0x4
            default: bits |= 0x7
            }
        }
        reservedBits = list.malformed.isEmpty ? bits : 0x7
        deflate = []
        guard let element = list.deflate.first else { return }
        let (parameters, _) = DeflateParameters.parse(element, isOffer: false)
        deflate = .isInForce
        if parameters.resetsContext(of: .client) { deflate.insert(.clientResetsContext) }
        if parameters.resetsContext(of: .server) { deflate.insert(.serverResetsContext) }
    }
}
