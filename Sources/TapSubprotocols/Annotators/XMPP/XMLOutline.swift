/// One XML element with the elements in it down to a depth: names, attributes, and where their content lies.
///
/// XMPP has neither comments nor processing instructions nor declarations of types (RFC 6120 §11.1): what has them is none.
struct XMLOutline {
    struct Element {
        /// With its prefix, if it has one.
        let name: String
        let depth: Int
        fileprivate(set) var attributes: [(name: String, value: String)] = []
        /// Between its tags.
        fileprivate(set) var content: Range<Int>

        subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

        /// Without its prefix.
        var localName: String { name.split(separator: ":").last.map(String.init) ?? name }
    }

    /// The elements in the order in which they begin; the first is the root.
    private(set) var elements: [Element] = []

    private static let keptDepth = 4
    private static let keptElements = 256
    private static let deepest = 256
    private static let mostAttributes = 64

    /// Reads bytes that are one element; `nil` where they are not.
    init?(_ bytes: [UInt8]) {
        /// The names of the elements that are open, and where each is kept.
        var open: [(name: ArraySlice<UInt8>, index: Int?)] = []
        var scanner = ByteScanner(bytes)
        while let text = scanner.take(until: UInt8(ascii: "<")) {
            if open.isEmpty, !text.allSatisfy(XMLOutline.isSpace) { return nil }
            let start = scanner.index - 1
            if !elements.isEmpty, open.isEmpty { return nil }
            guard let first = scanner.next else { return nil }
            if first == UInt8(ascii: "/") {
                guard let tag = scanner.take(until: UInt8(ascii: ">")), let (name, index) = open.popLast() else {
                    return nil
                }
                guard XMLOutline.name(tag.dropFirst()).elementsEqual(name) else { return nil }
                if let index { elements[index].content = elements[index].content.lowerBound..<start }
                continue
            }
            if scanner.rest.starts(with: "![CDATA[".utf8) {
                while let part = scanner.take(until: UInt8(ascii: ">")), !part.suffix(2).elementsEqual("]]".utf8) {}
                if scanner.isAtEnd { return nil }
                continue
            }
            guard let tag = XMLOutline.tag(&scanner) else { return nil }
            let isEmpty = tag.last == UInt8(ascii: "/")
            let inside = isEmpty ? tag.dropLast() : tag
            let name = XMLOutline.name(inside)
            guard !name.isEmpty, open.count < XMLOutline.deepest, let first = name.first, XMLOutline.canBegin(first)
            else {
                return nil
            }
            var index: Int?
            if open.count < XMLOutline.keptDepth, elements.count < XMLOutline.keptElements {
                guard let attributes = XMLOutline.attributes(inside[name.endIndex...]) else { return nil }
                elements.append(
                    Element(
                        name: String(decoding: name, as: UTF8.self), depth: open.count, attributes: attributes,
                        content: scanner.index..<scanner.index))
                index = elements.count - 1
            }
            if !isEmpty { open.append((name, index)) }
        }
        guard open.isEmpty, !elements.isEmpty, scanner.rest.allSatisfy(XMLOutline.isSpace) else { return nil }
    }

    var root: Element? { elements.first }

    /// The elements right in the root.
    var children: [Element] { elements.filter { $0.depth == 1 } }

    /// The elements right in another.
    func children(of name: String) -> [Element] {
        guard let start = elements.firstIndex(where: { $0.depth == 1 && $0.localName == name }) else { return [] }
        return elements[(start + 1)...].prefix { $0.depth > 1 }.filter { $0.depth == 2 }
    }

    /// What stands between `<` and `>`, which in quotes does not end it.
    private static func tag(_ scanner: inout ByteScanner) -> ArraySlice<UInt8>? {
        var quote: UInt8?
        let rest = scanner.rest
        for index in rest.indices {
            let byte = rest[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "<") {
                return nil
            } else if byte == UInt8(ascii: ">") {
                let tag = scanner.take(index - scanner.index)
                _ = scanner.byte()
                return tag
            }
        }
        return nil
    }

    private static func name(_ tag: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        tag.prefix { !isSpace($0) && $0 != UInt8(ascii: "=") }
    }

    private static func attributes(_ bytes: ArraySlice<UInt8>) -> [(name: String, value: String)]? {
        var attributes: [(name: String, value: String)] = []
        var scanner = ByteScanner(bytes.drop(while: isSpace))
        while !scanner.isAtEnd {
            guard let name = scanner.take(until: UInt8(ascii: "=")), attributes.count < mostAttributes else {
                return nil
            }
            var rest = ByteScanner(scanner.rest.drop(while: isSpace))
            guard let quote = rest.byte(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let value = rest.take(until: quote)
            else { return nil }
            let trimmed = name.prefix { !isSpace($0) }
            attributes.append((String(decoding: trimmed, as: UTF8.self), String(decoding: value, as: UTF8.self)))
            scanner = ByteScanner(rest.rest.drop(while: isSpace))
        }
        return attributes
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func canBegin(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
