/// Why packets could not be read, captured or written: one line that is safe to print on a terminal.
public struct CaptureError: Error, Equatable, CustomStringConvertible {
    public let description: String

    /// The file that could not be read or written, as the user named it; `nil` for interfaces and filters.
    public let path: String?

    /// Where the damage begins, in bytes from the start of the file; `nil` where no byte is to blame.
    ///
    /// For a record of a compressed capture it counts the decompressed bytes, and `description` says so.
    public let offset: UInt64?

    /// Whether the file is well, but something else than a capture.
    let isOfOtherContent: Bool

    /// Whether it could not be written because nobody reads it any more.
    package let isReaderGone: Bool

    /// Control characters in `text`, which may come from file names and captures, are escaped.
    package init(
        _ text: String, path: String? = nil, at offset: UInt64? = nil, isOfOtherContent: Bool = false,
        isReaderGone: Bool = false
    ) {
        description = CaptureError.escaped(text)
        self.path = path
        self.offset = offset
        self.isOfOtherContent = isOfOtherContent
        self.isReaderGone = isReaderGone
    }

    package init(reading path: String, _ fault: CaptureFault, isDecompressed: Bool = false) {
        var text = "\(path == "-" ? "standard input" : path): \(fault.kind.headline)"
        if let offset = fault.offset {
            text += " at byte \(offset)"
            if isDecompressed, !fault.kind.isOfCompression { text += " of what it decompresses to" }
        }
        self.init(
            text + fault.kind.detail, path: path, at: fault.offset,
            isOfOtherContent: fault.kind.isOfOtherContent)
    }

    /// As what is shown of the wire is escaped.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default: break
        }
        let digits = String(scalar.value, radix: 16)
        return scalar.isASCII ? "\\x\(digits.count < 2 ? "0" : "")\(digits)" : "\\u{\(digits)}"
    }

    private static func escaped(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                output.append(contentsOf: escape(scalar).unicodeScalars)
            default:
                output.append(scalar)
            }
        }
        return String(output)
    }
}
