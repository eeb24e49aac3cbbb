/// One frame of STOMP: a command, headers, and a body up to a NUL. https://stomp.github.io/stomp-specification-1.2.html
struct STOMPFrame {
    enum Reading {
        /// A whole frame, and where it ends.
        case frame(STOMPFrame, end: Int)
        case incomplete
        case fault(String, Int)
    }

    let command: String
    private var headers: [(name: String, value: String)] = []
    /// Where passwords and tokens lie in what was read.
    private(set) var secrets: [Range<Int>] = []
    private(set) var bodyLength = 0
    /// The beginning of the body.
    private(set) var bodyStart: ArraySlice<UInt8> = []

    static let commands: Set<String> = [
        "CONNECT", "STOMP", "CONNECTED", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT",
        "DISCONNECT", "MESSAGE", "RECEIPT", "ERROR",
    ]
    private static let longestCommand = 11
    private static let mostHeaders = 256

    var isConnect: Bool { command == "CONNECT" || command == "STOMP" }

    /// The first header of a name counts.
    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    static func read(_ bytes: ArraySlice<UInt8>, version: String) -> Reading {
        guard let end = bytes.firstIndex(of: 0x0A) else {
            let isPossible = bytes.count <= longestCommand + 1 && bytes.allSatisfy { isOfCommand($0) || $0 == 0x0D }
            return isPossible ? .incomplete : .fault("no command of STOMP", bytes.startIndex)
        }
        let command = String(decoding: trimmed(bytes[..<end]), as: UTF8.self)
        guard commands.contains(command) else { return .fault("no command of STOMP", bytes.startIndex) }
        var frame = STOMPFrame(command: command)
        var rest = bytes[(end + 1)...]
        while true {
            guard let end = rest.firstIndex(of: 0x0A) else {
                guard let fault = rest.firstIndex(of: 0) else { return .incomplete }
                return .fault("a frame \(command) that ends among its headers", fault)
            }
            let line = trimmed(rest[..<end])
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), frame.headers.count < mostHeaders else {
                return .fault("a header of \(command) without a colon", line.startIndex)
            }
            frame.add(line[..<colon], line[(colon + 1)...], isEscaped: version != "1.0")
        }
        return frame.body(rest)
    }

    private func body(_ bytes: ArraySlice<UInt8>) -> Reading {
        var frame = self
        if let length = self["content-length"].flatMap({ Int($0) }), length >= 0 {
            guard length < bytes.count else { return .incomplete }
            let end = bytes.startIndex + length
            guard bytes[end] == 0 else { return .fault("no NUL behind the body of \(command)", end) }
            (frame.bodyLength, frame.bodyStart) = (length, bytes[..<end].prefix(256))
            return .frame(frame, end: end + 1)
        }
        guard let end = bytes.firstIndex(of: 0) else { return .incomplete }
        (frame.bodyLength, frame.bodyStart) = (end - bytes.startIndex, bytes[..<end].prefix(256))
        return .frame(frame, end: end + 1)
    }

    private init(command: String) { self.command = command }

    private mutating func add(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>, isEscaped: Bool) {
        // Frames that open the connection are the same in all versions, so that nothing is escaped there.
        let isPlain = !isEscaped || isConnect || command == "CONNECTED"
        let text = isPlain ? String(decoding: name, as: UTF8.self) : STOMPFrame.unescaped(name)
        headers.append((text, isPlain ? String(decoding: value, as: UTF8.self) : STOMPFrame.unescaped(value)))
        let words = name.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
        if words.contains(where: { word in STOMPFrame.secretWords.contains { STOMPFrame.ends(word, $0) } }) {
            secrets.append(value.startIndex..<value.endIndex)
        }
    }

    /// Headers with a word that ends like this hold secrets.
    private static let secretWords = ["passcode", "auth", "authorization", "token", "password", "secret"]
        .map { Array($0.utf8) }

    /// Whether a name ends with a word of small letters, whatever letters it is written in.
    private static func ends(_ name: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
        name.count >= word.count && zip(name.suffix(word.count), word).allSatisfy { $0 | 0x20 == $1 }
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var output: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.first else {
                output.append(byte)
                continue
            }
            let plain: UInt8? =
                switch letter {
                case UInt8(ascii: "n"): 0x0A
                case UInt8(ascii: "r"): 0x0D
                case UInt8(ascii: "c"): UInt8(ascii: ":")
                case UInt8(ascii: "\\"): letter
                default: nil
                }
            output.append(plain ?? byte)
            if plain != nil { rest.removeFirst() }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == 0x0D ? line.dropLast() : line
    }

    private static func isOfCommand(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
