import TapCore

/// A value of MessagePack or CBOR, or of JSON where a protocol is spoken in all of them.
package indirect enum StructuredValue: Equatable, Sendable {
    package struct Pair: Equatable, Sendable {
        let key: StructuredValue
        let value: StructuredValue
    }

    case null
    case boolean(Bool)
    case integer(Int64)
    /// Whole numbers that are too large for ``integer(_:)``, as digits.
    case large(String)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case array([StructuredValue])
    case map([Pair])
    /// An extension of MessagePack, or a value behind a tag of CBOR.
    case tagged(String, StructuredValue)

    package subscript(name: String) -> StructuredValue? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.last { $0.key == .string(name) }?.value
    }

    /// An element of an array.
    package subscript(index: Int) -> StructuredValue? {
        guard let elements = array, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    package var array: [StructuredValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// A string or a number, as text.
    package var plain: String? {
        switch self {
        case .string(let text), .large(let text): text
        case .integer(let number): String(number)
        case .double(let number): String(number)
        case .boolean(let flag): String(flag)
        case .null, .bytes, .array, .map, .tagged: nil
        }
    }

    /// The beginning of it, much as JSON would have it: `{"id":7,"data":h'00ff'}`.
    package func excerpt(upTo limit: Int = Excerpt.length) -> String {
        var output: [UInt8] = []
        write(to: &output, limit)
        return Excerpt.text(output, upTo: limit)
    }

    private func write(to output: inout [UInt8], _ limit: Int) {
        guard output.count <= limit else { return }
        switch self {
        case .null: output += "null".utf8
        case .boolean, .integer, .large, .double: output += (plain ?? "").utf8
        case .string(let text):
            output.append(UInt8(ascii: "\""))
            output += text.utf8.prefix(limit + 1)
            output.append(UInt8(ascii: "\""))
        case .bytes(let bytes): output += "h'\(Hex.string(bytes.prefix(limit)))'".utf8
        case .array(let elements):
            StructuredValue.write(elements, "[", "]", to: &output, limit) { $0.write(to: &$1, limit) }
        case .map(let pairs):
            StructuredValue.write(pairs, "{", "}", to: &output, limit) { pair, output in
                pair.key.write(to: &output, limit)
                output.append(UInt8(ascii: ":"))
                pair.value.write(to: &output, limit)
            }
        case .tagged(let tag, let value):
            output += "\(tag)(".utf8
            value.write(to: &output, limit)
            output.append(UInt8(ascii: ")"))
        }
    }

    private static func write<Element>(
        _ elements: [Element], _ start: Unicode.Scalar, _ end: Unicode.Scalar, to output: inout [UInt8], _ limit: Int,
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        output.append(UInt8(ascii: start))
        for (index, element) in elements.enumerated() where output.count <= limit {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(element, &output)
        }
        output.append(UInt8(ascii: end))
    }
}

extension StructuredValue {
    /// Reads the one value that fills the bytes; `nil` if they hold anything else.
    package static func whole(
        _ bytes: ArraySlice<UInt8>, _ read: (inout ByteScanner) throws(ValueBuilder.Fault) -> StructuredValue
    ) -> StructuredValue? {
        var scanner = ByteScanner(bytes)
        guard let value = try? read(&scanner), scanner.isAtEnd else { return nil }
        return value
    }

    package init(_ number: UInt64) {
        self = Int64(exactly: number).map { .integer($0) } ?? .large(String(number))
    }

    /// What of a JSON value was kept.
    package init(_ json: JSONValue) {
        switch json.kind {
        case .null: self = .null
        case .boolean: self = .boolean(json.boolean == true)
        case .string: self = .string(json.string ?? "")
        case .number:
            let text = json.plain ?? ""
            self = Int64(text).map { .integer($0) } ?? Double(text).map { .double($0) } ?? .large(text)
        case .array: self = .array(json.elements.map { StructuredValue($0) })
        case .object:
            self = .map(json.members.map { Pair(key: .string($0.name), value: StructuredValue($0.value)) })
        }
    }
}
