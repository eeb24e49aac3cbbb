/// Builds frames of HTTP/2. RFC 9113 §4 and §6.
package enum HTTP2Bytes {
    package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    package static func frame(_ type: UInt8, _ flags: UInt8 = 0, on stream: UInt32 = 0, _ payload: [UInt8] = [])
        -> [UInt8]
    {
        let length = UInt32(payload.count)
        return [UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), type, flags] + word(stream)
            + payload
    }

    package static func word(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }

    package static func data(_ bytes: [UInt8], on stream: UInt32, ends: Bool = false, padding: Int? = nil) -> [UInt8] {
        let flags: UInt8 = (ends ? 1 : 0) | (padding == nil ? 0 : 8)
        return frame(0, flags, on: stream, padded(bytes, padding))
    }

    /// HEADERS, whose block goes on in CONTINUATION where it is cut.
    package static func headers(
        _ block: [UInt8], on stream: UInt32, ends: Bool = false, padding: Int? = nil, priority: Bool = false,
        cutAt cuts: [Int] = []
    ) -> [UInt8] {
        let pieces = CutVerifier.pieces(of: block, cutAt: cuts)
        var output: [UInt8] = []
        for (index, piece) in pieces.enumerated() {
            let last: UInt8 = index == pieces.count - 1 ? 4 : 0
            if index == 0 {
                let flags = last | (ends ? 1 : 0) | (padding == nil ? 0 : 8) | (priority ? 0x20 : 0)
                output += frame(1, flags, on: stream, padded((priority ? [0, 0, 0, 0, 15] : []) + piece, padding))
            } else {
                output += frame(9, last, on: stream, piece)
            }
        }
        return output
    }

    private static func padded(_ bytes: [UInt8], _ padding: Int?) -> [UInt8] {
        guard let padding else { return bytes }
        return [UInt8(padding)] + bytes + [UInt8](repeating: 0, count: padding)
    }

    package static func settings(_ parameters: [(UInt16, UInt32)] = []) -> [UInt8] {
        frame(4, parameters.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xFF)] + word($0.1) })
    }

    private static func frame(_ type: UInt8, _ payload: [UInt8]) -> [UInt8] { frame(type, 0, on: 0, payload) }

    package static let acknowledgement = frame(4, 1)

    package static func windowUpdate(_ count: UInt32, on stream: UInt32 = 0) -> [UInt8] {
        frame(8, 0, on: stream, word(count))
    }

    package static func reset(_ stream: UInt32, _ code: UInt32) -> [UInt8] { frame(3, 0, on: stream, word(code)) }

    package static func goAway(_ last: UInt32, _ code: UInt32, _ text: String = "") -> [UInt8] {
        frame(7, word(last) + word(code) + Array(text.utf8))
    }

    package static let ping = frame(6, 0, on: 0, [UInt8](repeating: 7, count: 8))
}

/// Encodes header blocks, with a dynamic table as a peer has one. RFC 7541.
package struct HTTP2FieldEncoder {
    package typealias Field = (name: String, value: String)

    private var table: [Field] = []
    package private(set) var size = 0
    private var limit = 4_096

    package init() {}

    /// How a field is sent.
    package enum Form: CaseIterable, Sendable {
        /// By its index where the table has it; else it is inserted.
        case indexed
        /// In full, and not inserted.
        case literal
        case neverIndexed
    }

    package mutating func block(_ fields: [Field], _ form: Form = .indexed) -> [UInt8] {
        fields.flatMap { field($0, form) }
    }

    /// A further size of the table, at the beginning of a block.
    package mutating func resize(to limit: Int) -> [UInt8] {
        self.limit = limit
        evict()
        return Self.integer(limit, prefix: 5, first: 0x20)
    }

    package mutating func field(_ field: Field, _ form: Form) -> [UInt8] {
        let name =
            Self.staticNames[field.name]
            ?? table.firstIndex { $0.name == field.name }.map { $0 + Self.staticEntries + 1 }
        switch form {
        case .indexed:
            if let index = table.firstIndex(where: { $0 == field }) {
                return Self.integer(index + Self.staticEntries + 1, prefix: 7, first: 0x80)
            }
            let bytes = literal(field, name, prefix: 6, first: 0x40)
            table.insert(field, at: 0)
            size += Self.cost(field)
            evict()
            return bytes
        case .literal: return literal(field, name, prefix: 4, first: 0)
        case .neverIndexed: return literal(field, name, prefix: 4, first: 0x10)
        }
    }

    private static let staticEntries = 61
    /// RFC 7541 Appendix A, as far as tests need it.
    private static let staticNames = [":authority": 1, ":method": 2, ":path": 4, ":scheme": 6, ":status": 8]

    private static func cost(_ field: Field) -> Int { field.name.utf8.count + field.value.utf8.count + 32 }

    private mutating func evict() {
        while size > limit, let last = table.popLast() { size -= Self.cost(last) }
    }

    private func literal(_ field: Field, _ name: Int?, prefix: Int, first: UInt8) -> [UInt8] {
        Self.integer(name ?? 0, prefix: prefix, first: first) + (name == nil ? Self.text(field.name) : [])
            + Self.text(field.value)
    }

    private static func text(_ text: String) -> [UInt8] {
        integer(text.utf8.count, prefix: 7, first: 0) + Array(text.utf8)
    }

    private static func integer(_ number: Int, prefix: Int, first: UInt8) -> [UInt8] {
        let most = 1 << prefix - 1
        guard number >= most else { return [first | UInt8(number)] }
        var bytes = [first | UInt8(most)]
        var rest = number - most
        while rest >= 128 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
