/// How a pixel is written. RFC 6143 §7.4.
struct RFBPixelFormat {
    private(set) var bitsPerPixel = 32
    /// Whether three bytes hold all of a pixel, one each colour, so that Tight leaves the fourth out.
    private var hasBytesOfColors = true

    init() {}

    init?(_ scanner: inout ByteScanner) {
        guard let bits = scanner.byte(), let depth = scanner.byte(), scanner.take(1) != nil,
            let hasColors = scanner.byte(), let red = scanner.number(UInt16.self),
            let green = scanner.number(UInt16.self), let blue = scanner.number(UInt16.self), scanner.take(6) != nil
        else { return nil }
        bitsPerPixel = Int(bits)
        hasBytesOfColors =
            bits == 32 && depth == 24 && hasColors != 0 && red == 255 && green == 255 && blue == 255
    }

    var bytes: Int { bitsPerPixel / 8 }
    /// Bytes of a pixel in Tight.
    var tightBytes: Int { hasBytesOfColors ? 3 : bytes }
}

/// A rectangle of an update: where it ends is all that matters.
enum RFBRectangle {
    /// Not all of what tells its length is there.
    case incomplete
    /// Its encoding does not tell its length.
    case unknown
    /// The end of an update that did not know how many there would be.
    case last
    /// So many bytes follow.
    case followed(by: Int)

    /// Reads the head of a rectangle, and how much follows it.
    static func read(_ scanner: inout ByteScanner, _ format: RFBPixelFormat) -> RFBRectangle {
        guard scanner.take(4) != nil, let columns = scanner.number(UInt16.self), let rows = scanner.number(UInt16.self),
            let encoding = scanner.number(UInt32.self)
        else { return .incomplete }
        let (width, height) = (Int(columns), Int(rows))
        let mask = (width + 7) / 8 * height
        switch Int32(bitPattern: encoding) {
        case 0: return .followed(by: width * height * format.bytes)
        case 1: return .followed(by: 4)
        case 2:
            guard let count = scanner.number(UInt32.self) else { return .incomplete }
            return .followed(by: format.bytes + Int(count) * (format.bytes + 8))
        case 6, 16:
            guard let length = scanner.number(UInt32.self) else { return .incomplete }
            return .followed(by: Int(length))
        case 7, -260: return tight(&scanner, width, height, format.tightBytes)
        // The size of the screen, and what the server takes: they hold nothing.
        case -223, -257, -258, -259, -316: return .followed(by: 0)
        case -261: return .followed(by: 1)
        case -224: return .last
        case -239: return .followed(by: width * height * format.bytes + mask)
        case -240: return .followed(by: width * height == 0 ? 0 : 6 + 2 * mask)
        case -307:
            guard let length = scanner.number(UInt32.self) else { return .incomplete }
            return .followed(by: Int(length))
        case -308:
            guard let count = scanner.byte() else { return .incomplete }
            return .followed(by: 3 + Int(count) * 16)
        // A pointer, of plain pixels or of a mask, in the form of VMware, and one that has an encoding of its own.
        case 0x574D_5664:
            guard let type = scanner.byte(), scanner.take(1) != nil else { return .incomplete }
            return type > 1 ? .unknown : .followed(by: width * height * (type == 0 ? 2 * format.bytes : 4))
        case -314:
            guard let inner = scanner.number(UInt32.self) else { return .incomplete }
            return inner == 0 ? .followed(by: width * height * 4) : .unknown
        default: return .unknown
        }
    }

    /// Tight: a fill, a picture, or pixels that a filter has gone over.
    /// https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst#tight-encoding
    private static func tight(
        _ scanner: inout ByteScanner, _ width: Int, _ height: Int, _ pixel: Int
    ) -> RFBRectangle {
        guard let control = scanner.byte() else { return .incomplete }
        switch control >> 4 {
        case 8: return .followed(by: pixel)
        case 9, 10: return compact(&scanner)
        case 0...7: break
        default: return .unknown
        }
        var length = width * height * pixel
        if control & 0x40 != 0 {
            guard let filter = scanner.byte() else { return .incomplete }
            switch filter {
            case 0, 2: break
            case 1:
                guard let last = scanner.byte(), scanner.take((Int(last) + 1) * pixel) != nil else {
                    return .incomplete
                }
                length = last == 1 ? (width + 7) / 8 * height : width * height
            default: return .unknown
            }
        }
        // So little is not compressed.
        return length < 12 ? .followed(by: length) : compact(&scanner)
    }

    /// A length of up to three bytes, of which the last one is whole.
    private static func compact(_ scanner: inout ByteScanner) -> RFBRectangle {
        var length = 0
        for shift in [0, 7] {
            guard let byte = scanner.byte() else { return .incomplete }
            length |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return .followed(by: length) }
        }
        guard let byte = scanner.byte() else { return .incomplete }
        return .followed(by: length | Int(byte) << 14)
    }
}
