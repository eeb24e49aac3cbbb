import TapHTTP

/// The elements of `Sec-WebSocket-Extensions`. RFC 6455 §9.1.
public enum ExtensionList {
    /// The names of the extensions, without their parameters.
    public static func names(_ elements: [String]) -> [String] {
        elements.compactMap { HTTPText.split($0, at: ";").first }
    }

    /// The reserved bits (4, 2 and 1 for RSV1, RSV2 and RSV3) that the extensions in force may set;
    /// all of them where one is not known.
    package static func reservedBits(_ names: [String]) -> UInt8 {
        names.reduce(0) { bits, name in
            switch name {
            case "permessage-deflate", "x-webkit-deflate-frame": bits | 0x4
            default: 0x7
            }
        }
    }
}
