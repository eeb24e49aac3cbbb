import TapHTTP

/// What the extensions in force mean for the frames. RFC 6455 §9, RFC 7692 §6.
package struct AgreedExtensions: Equatable {
    /// The reserved bits (4, 2 and 1 for RSV1, RSV2 and RSV3) that may be set; `nil` where that is not known.
    package var reservedBits: UInt8?
    /// How messages are compressed; `nil` where they are not, or where that is not known.
    package var deflate: DeflateParameters?

    /// The handshake was not captured.
    package static let unknown = AgreedExtensions(reservedBits: nil, deflate: nil)

    /// Whether a message with RSV1 is one that permessage-deflate has compressed.
    package var compressesMessages: Bool { deflate != nil || reservedBits == nil }

    /// Whether an extension may change payloads in a way that is not known.
    package var hasUnknown: Bool { reservedBits == 0x7 }

    private init(reservedBits: UInt8?, deflate: DeflateParameters?) {
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
        deflate = list.deflate.first.map { DeflateParameters.parse($0, isOffer: false).0 }
    }
}
