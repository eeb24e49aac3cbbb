import TapCore
import TapHTTP
import TapTestSupport
import TapWebSocket

/// HTTP: where a stream is cut never changes its heads, and a rule of the handshake is broken exactly where a violation says so.
///
/// The input is where to cut, the limit of a head, the length of the requests, the requests and the responses.
enum HTTPTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let headLimit = input.byte() & 1 == 0 ? 4_096 : 64
        let places = input.places()
        let requests = input.take(input.number())
        let responses = input.rest()
        let asked = read(requests, at: places, headLimit)
        let methods = asked.compactMap { head -> String? in
            guard case .request(let method, _, _) = head.startLine else { return nil }
            return method
        }
        let answered = read(responses, at: places, headLimit, methods: methods)
        for (index, request) in asked.enumerated() {
            check(request, index < answered.count ? answered[index] : nil)
        }
        for response in answered { check(nil, response) }
        seek(requests, places)
    }

    /// The heads in a stream.
    private static func read(
        _ bytes: [UInt8], at places: [Int], _ headLimit: Int, methods: [String] = []
    ) -> [HTTPHead] {
        let whole = readings([bytes], headLimit, methods)
        let single = readings(FuzzInput.single(bytes), headLimit, methods)
        let cut = readings(FuzzInput.pieces(of: bytes, at: places), headLimit, methods)
        Property.hold(whole == single, "heads read byte by byte are the same: \(whole) and \(single)")
        Property.hold(whole == cut, "heads cut anywhere are the same: \(whole) and \(cut)")
        return whole.compactMap { reading in
            guard case .head(let line, let fields, let oddities) = reading else { return nil }
            let packet = PacketHeader.numbered(1)
            return HTTPHead(
                startLine: line, fields: HTTPFields(fields), oddities: oddities, packet: packet.number,
                time: packet.timestamp)
        }
    }

    /// What is read until the beginning of the next head is not known any more: that one is looked for where segments begin.
    private static func readings(_ pieces: [[UInt8]], _ headLimit: Int, _ methods: [String]) -> [Reading] {
        var reader = StreamReader(headLimit: headLimit, methods: methods)
        for piece in pieces where !reader.stream.isSeeking { reader.read(piece) }
        return reader.readings
    }

    /// In the middle of a connection, and with holes, nothing traps.
    private static func seek(_ bytes: [UInt8], _ places: [Int]) {
        var reader = StreamReader(isStartKnown: false)
        for piece in FuzzInput.pieces(of: bytes, at: places) {
            reader.read(piece)
            reader.stream.skip(piece.count)
        }
    }

    private static func check(_ request: HTTPHead?, _ response: HTTPHead?) {
        var violations: [Violation] = []
        if let request, HandshakeCheck.isAttempt(request) {
            violations += HandshakeCheck.violations(inRequest: request)
        }
        if let response { violations += HandshakeCheck.violations(inResponse: response, to: request) }
        let list = HandshakeChecklist(request: request, response: response, violations: violations)
        let broken = list.rules.reduce(0) { $0 + $1.violations.count }
        let judged = violations.filter { $0.id.handshakeRule(of: $0.sender) != nil }
        Property.hold(broken == judged.count, "each violation breaks one rule: \(violations)")
        _ = HandshakeCheck.violation(inRefusal: response)
        _ = response.map { AgreedExtensions($0) }
    }
}
