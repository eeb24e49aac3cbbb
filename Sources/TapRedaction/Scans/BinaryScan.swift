import TapSubprotocols

/// Finds secrets in MessagePack and CBOR: the values behind the names of secrets, with all that lies in them.
struct BinaryScan {
    private struct Level {
        let isMap: Bool
        /// Values that are still to come; `nil` where a byte ends it.
        var remaining: UInt64?
        /// What lies in it goes.
        let isSecret: Bool
        var isName: Bool
    }

    private let names: SecretNames
    private var levels: [Level] = []
    /// Whether the value that comes next has the name of a secret.
    private var isNamed = false
    private var found: [Range<Int>] = []

    private static let deepest = 1_024

    static func secrets(in bytes: ArraySlice<UInt8>, _ names: SecretNames) -> [Range<Int>] {
        guard let first = bytes.first else { return [] }
        var found: [Range<Int>] = []
        switch first {
        case 0x80...0x9F, 0xDC...0xDF: found += secrets(in: bytes, names, MessagePackReader.piece)
        default: break
        }
        switch first {
        case 0x80...0xDB: found += secrets(in: bytes, names, CBORReader.piece)
        default: break
        }
        return found.isEmpty && first < 0x80 ? prefixed(bytes, names) : found
    }

    /// Several values of MessagePack, each behind its length, as SignalR has them; nothing where the bytes are anything else.
    private static func prefixed(_ bytes: ArraySlice<UInt8>, _ names: SecretNames) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var scanner = ByteScanner(bytes)
        while !scanner.isAtEnd {
            guard let length = scanner.variableLength(upTo: 5), let value = scanner.take(Int(clamping: length)),
                let first = value.first, (0x90...0x9F).contains(first) || first == 0xDC
            else { return [] }
            found += secrets(in: value, names, MessagePackReader.piece)
        }
        return found
    }

    private static func secrets(
        in bytes: ArraySlice<UInt8>, _ names: SecretNames, _ piece: (inout ByteScanner) -> ValueBuilder.Piece?
    ) -> [Range<Int>] {
        var scan = BinaryScan(names: names)
        var scanner = ByteScanner(bytes)
        while scan.levels.count < deepest {
            let start = scanner.index
            guard let piece = piece(&scanner) else { break }
            scan.take(piece, start..<scanner.index)
            if scan.levels.isEmpty { break }
        }
        return scan.found
    }

    private init(names: SecretNames) { self.names = names }

    private mutating func take(_ piece: ValueBuilder.Piece, _ range: Range<Int>) {
        switch piece {
        case .value(let value):
            if levels.last?.isName == true {
                isNamed = isSecret(value)
            } else if isNamed || levels.last?.isSecret == true {
                note(value, range)
            }
            end()
        case .array(let count): begin(isMap: false, count)
        case .map(let count): begin(isMap: true, count.map { $0 &* 2 })
        case .tag: begin(isMap: false, 1)
        case .chunks: begin(isMap: false, nil)
        case .end:
            _ = levels.popLast()
            end()
        }
    }

    private mutating func begin(isMap: Bool, _ count: UInt64?) {
        let isSecret = isNamed || levels.last?.isSecret == true
        isNamed = false
        levels.append(Level(isMap: isMap, remaining: count, isSecret: isSecret, isName: isMap))
        guard count == 0 else { return }
        levels.removeLast()
        end()
    }

    /// A value is over, and with it perhaps those that it was the last one in.
    private mutating func end() {
        while let top = levels.indices.last {
            let wasName = levels[top].isName
            if levels[top].isMap { levels[top].isName.toggle() }
            if !wasName { isNamed = false }
            guard let remaining = levels[top].remaining else { return }
            levels[top].remaining = remaining &- 1
            guard remaining <= 1 else { return }
            levels.removeLast()
        }
    }

    private func isSecret(_ name: StructuredValue) -> Bool {
        name.string.map { names.isSecret($0.utf8) } ?? false
    }

    private mutating func note(_ value: StructuredValue, _ range: Range<Int>) {
        switch value {
        case .string(let text):
            let bytes = Array(text.utf8)
            if !OpenValue.isTrivial(bytes[...]) { found.append(range.upperBound - bytes.count..<range.upperBound) }
        case .bytes(let bytes): found.append(range.upperBound - bytes.count..<range.upperBound)
        case .integer, .large, .double, .tagged:
            // The first byte says what it is; a small number has no other.
            found.append(range.count > 1 ? range.lowerBound + 1..<range.upperBound : range)
        case .null, .boolean, .array, .map: break
        }
    }
}
