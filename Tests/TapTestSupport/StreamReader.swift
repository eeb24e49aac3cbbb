import TapCore
import TapHTTP

/// What a stream gave, in a form that can be compared.
package enum Reading: Equatable {
    case head(HTTPStartLine, [HTTPField], HTTPOddities)
    case cutHead(HTTPStartLine?, HTTPHeadGap)
    case lostHead(HTTPStartLine?, HTTPHeadGap)
    case strayed(Int)
    case proxied(ProxyHeader)
    case notHTTP
    case headTooLong
}

/// Reads pieces of a stream as a connection would, and says which body follows each head.
package struct StreamReader {
    package var stream: HTTPStream
    /// The methods of the requests that the responses answer.
    package var methods: [String] = []
    package private(set) var readings: [Reading] = []
    private var isOver = false

    package init(isStartKnown: Bool = true, headLimit: Int = 4_096, methods: [String] = []) {
        stream = HTTPStream(isStartKnown: isStartKnown, headLimit: headLimit)
        self.methods = methods
    }

    package mutating func read(_ bytes: [UInt8]) {
        var offset = 0
        while !isOver, let event = stream.read(bytes.span.bytes, from: &offset, in: .numbered(1)) {
            switch event {
            case .head(let head):
                readings.append(.head(head.startLine, head.fields.all, head.oddities))
                if case .request = head.startLine {
                    stream.expectBody(head.requestBody)
                } else {
                    let method = methods.isEmpty ? "GET" : methods.removeFirst()
                    stream.expectBody(head.responseBody(toMethod: method))
                }
            case .proxied(let header): readings.append(.proxied(header))
            case .bodyFinished: break
            case .cutHead(let part): readings.append(.cutHead(part.head?.startLine, part.gap))
            case .lostHead(let part):
                readings.append(.lostHead(part.head?.startLine, part.gap))
                offset = bytes.count
            case .strayed(let stray): readings.append(.strayed(stray.bytes.count))
            case .tls, .notHTTP:
                readings.append(.notHTTP)
                isOver = true
            case .headTooLong:
                readings.append(.headTooLong)
                isOver = true
            }
        }
    }

    package mutating func read(_ text: String) { read(Array(text.utf8)) }

    package static func readings(_ pieces: [[UInt8]], methods: [String] = [], headLimit: Int = 4_096) -> [Reading] {
        var reader = StreamReader(headLimit: headLimit, methods: methods)
        for piece in pieces { reader.read(piece) }
        return reader.readings
    }

    package static func readings(_ text: String, methods: [String] = [], headLimit: Int = 4_096) -> [Reading] {
        readings([Array(text.utf8)], methods: methods, headLimit: headLimit)
    }
}

extension Reading {
    /// The target of a request or the status of a response.
    package var label: String {
        switch self {
        case .head(let line, _, _): Reading.label(line)
        case .cutHead(let line, let gap): "cut \(Reading.label(line)) \(gap.captured)+\(gap.missing)"
        case .lostHead(let line, let gap): "lost \(Reading.label(line)) \(gap.captured)+\(gap.missing)"
        case .strayed(let count): "\(count) stray"
        case .proxied(let header): "PROXY \(header.version)"
        case .notHTTP: "not HTTP"
        case .headTooLong: "too long"
        }
    }

    private static func label(_ line: HTTPStartLine?) -> String {
        switch line {
        case .request(_, let target, _): target
        case .response(_, let status, _): "\(status)"
        case nil: "?"
        }
    }
}
