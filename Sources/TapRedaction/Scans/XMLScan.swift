/// Finds secrets in XML and HTML: the content of an element whose name says so, with all that lies in it, and what stands beside a name
/// in an attribute: `<param name="password" value="x"/>`, `<meta name="csrf-token" content="x">`, `<field var="password"><value>x</value></field>`.
///
/// Attributes whose own name says so are found as any other setting is.
struct XMLScan {
    private struct Element {
        let name: ArraySlice<UInt8>
        /// How many contents there were before it.
        let before: Int
    }

    private let text: ArraySlice<UInt8>
    private let names: SecretNames
    /// Whether the text may go on behind its end.
    private let isOpen: Bool
    /// The elements that are open and whose content is secret.
    private var open: [Element] = []
    /// What lies in them, and whether it is sure to.
    private var contents: [(range: Range<Int>, isSure: Bool)] = []
    private var attributes: [Range<Int>] = []
    /// Where the content of an element begins that may name what the next one holds: `<key>password</key><string>x</string>`.
    private var naming: Int?
    /// Whether the element that begins next is named so.
    private var isNextNamed = false

    private static let deepest = 64
    private static let longestTag = 4_096
    /// Elements of HTML that have no content.
    private static let void: Set<String> = ["input", "meta", "param", "img", "br", "link", "hr"]

    init(_ text: ArraySlice<UInt8>, _ names: SecretNames, isOpen: Bool) {
        (self.text, self.names, self.isOpen) = (text, names, isOpen)
    }

    mutating func secrets() -> [Range<Int>] {
        var index = text.startIndex
        while let sign = text[index...].firstIndex(of: UInt8(ascii: "<")) {
            note(index..<sign)
            index = step(from: sign)
        }
        note(index..<text.endIndex)
        // What was never closed is no element; what stands right behind its tag may be cut.
        for element in open where element.before < contents.count {
            let last = isOpen ? contents.count : element.before + 1
            for index in element.before..<last { contents[index].isSure = true }
        }
        return contents.filter(\.isSure).map(\.range) + attributes
    }

    private mutating func note(_ content: Range<Int>) {
        guard !open.isEmpty, !OpenValue.isTrivial(text[content]), text[content].contains(where: { $0 > 0x20 }) else {
            return
        }
        contents.append((content, false))
    }

    /// Takes a tag, or what else begins so, and answers where the text goes on.
    private mutating func step(from sign: Int) -> Int {
        let rest = text[(sign + 1)...]
        if rest.starts(with: "![CDATA[".utf8) { return sign + 9 }
        let name = rest.drop { $0 == UInt8(ascii: "/") }.prefix { !XMLScan.endsName($0) }.prefix(XMLScan.longestTag)
        if rest.first == UInt8(ascii: "/") {
            if let start = naming {
                isNextNamed = text[start..<sign].allSatisfy(NameWords.isOfName) && isSecret(text[start..<sign])
            }
            naming = nil
            close(name)
            return end(of: name.endIndex)
        }
        guard let first = name.first, NameWords.isLetter(first) || first == UInt8(ascii: "_") || first >= 0x80 else {
            return sign + 1
        }
        let end = end(of: name.endIndex)
        let isWhole = text[..<end].last == UInt8(ascii: ">")
        let inside = text[name.endIndex..<max(name.endIndex, isWhole ? end - 1 : end)]
        let isNamedBefore = isNextNamed
        isNextNamed = false
        naming = XMLScan.isNaming(name) ? end : nil
        let isSecret = isNamed(inside) || isSecret(name) || isNamedBefore
        let isEmpty = inside.last == UInt8(ascii: "/") || XMLScan.void.contains(String(decoding: name, as: UTF8.self))
        if isSecret, !isEmpty, open.count < XMLScan.deepest {
            open.append(Element(name: name, before: contents.count))
        }
        return end
    }

    private mutating func close(_ name: ArraySlice<UInt8>) {
        guard let index = open.lastIndex(where: { $0.name.elementsEqual(name) }) else { return }
        for place in open[index].before..<contents.count { contents[place].isSure = true }
        open.removeSubrange(index...)
    }

    /// Where the text behind a tag begins. A sign in quotes does not end it.
    private func end(of start: Int) -> Int {
        var quote: UInt8?
        for index in text[start...].prefix(XMLScan.longestTag).indices {
            let byte = text[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            } else if byte == UInt8(ascii: "<") {
                return start
            }
        }
        return isOpen && text[start...].count < XMLScan.longestTag ? text.endIndex : start
    }

    /// Whether an attribute names a secret; the values beside it are noted.
    private mutating func isNamed(_ tag: ArraySlice<UInt8>) -> Bool {
        var isNamed = false
        /// What is typed into a field for passwords is one; what it encloses is not.
        var isTyped = false
        var values: [Range<Int>] = []
        var index = tag.startIndex
        while let sign = tag[index...].firstIndex(of: UInt8(ascii: "=")) {
            let name = tag[index..<sign].split(whereSeparator: { $0 <= 0x20 }).last ?? []
            let rest = tag[(sign + 1)...].drop { $0 <= 0x20 }
            guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { break }
            let value = rest.dropFirst().prefix { $0 != quote }
            index = min(tag.endIndex, value.endIndex + 1)
            switch String(decoding: name, as: UTF8.self).lowercased() {
            case "name", "key", "var", "id", "field": if isSecret(value) { isNamed = true }
            case "type": if value.elementsEqual("password".utf8) { isTyped = true }
            case "value", "content": values.append(value.startIndex..<value.endIndex)
            default: break
            }
        }
        if isNamed || isTyped { attributes += values }
        return isNamed
    }

    private func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        guard name.count <= NameWords.longestName else { return false }
        return names.isSecret(name)
    }

    /// `key`, `name` and `param-name` of many formats.
    private static func isNaming(_ name: ArraySlice<UInt8>) -> Bool {
        guard let last = NameWords.words(of: name).last else { return false }
        return last == "key" || last == "name"
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "<")
            || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "\"")
    }
}
