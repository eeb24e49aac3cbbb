import TapCore
import TapHTTP
import TapHTTP2

/// Where a stream becomes HTTP/2, with what came of it so far.
struct HTTP2Start {
    enum Way {
        case begun(HTTP2Beginning)
        /// In the middle, by its frames.
        case pickedUp(HTTP2PickUp)
    }

    let way: Way
    /// What came before this was certain, in order.
    let held: HeldBytes
    let proxy: ProxyHeader?

    init(_ way: Way, held: HeldBytes = HeldBytes(), proxy: ProxyHeader?) {
        self.way = way
        self.held = held
        self.proxy = proxy
    }
}

/// Where a connection is HTTP/2 from its first byte on, or from an upgrade on. RFC 9113 §3.
extension HTTPConversation {
    /// Whether bytes may be the first of HTTP/2, as the first byte tells of nearly all others; or further ones of such.
    func mayBeginHTTP2(_ bytes: RawSpan, _ direction: Direction) -> Bool {
        if $prior { return holdsPrior(direction) || isFirst(bytes, direction) }
        return isFirst(bytes, direction)
    }

    private func isFirst(_ bytes: RawSpan, _ direction: Direction) -> Bool {
        guard bytes.byteCount > 0 else { return false }
        let byte = bytes.uint8(at: 0)
        return (byte == UInt8(ascii: "P") || byte == 0) && self[direction].isUntouched && !isHolding(direction)
    }

    /// Whether bytes of a direction are held that may be the first of HTTP/2.
    func holdsPrior(_ direction: Direction) -> Bool {
        prior.map { $0.pieces.contains { $0.direction == direction } } ?? false
    }

    /// What tells it at most: the preface, or SETTINGS and the header of the frame behind.
    private static let mostOfStart = 640

    /// Takes what may be the beginning of HTTP/2, up to where that is decided.
    mutating func recognise(
        _ bytes: RawSpan, from offset: inout Int, _ direction: Direction, in packet: PacketHeader, isPeerBehind: Bool,
        _ context: inout AnalysisContext
    ) -> Outcome {
        var held = prior ?? HeldBytes()
        held.append(bytes.from(offset), direction, in: packet, isPeerBehind: isPeerBehind)
        let start = held.prefix(direction, HTTPConversation.mostOfStart)
        let isClient = HTTP2Recognition.isClientStart(start.span.bytes)
        let isServer = HTTP2Recognition.isServerStart(start.span.bytes)
        if isClient == true || isServer == true {
            prior = nil
            offset = bytes.byteCount
            let client = isClient == true ? direction : direction.opposite
            return .multiplexed(HTTP2Start(.begun(.preface(client: client)), held: held, proxy: proxy))
        }
        if isClient == nil || isServer == nil, !held.hasHole(direction), start.count < HTTPConversation.mostOfStart {
            prior = held
            offset = bytes.byteCount
            return .goingOn
        }
        let outcome = releasePrior(of: direction, in: packet, &context)
        guard case .goingOn = outcome else { return outcome }
        return receiveHTTP1(bytes, from: &offset, direction, in: packet, isPeerBehind: isPeerBehind, &context)
    }

    /// It is no HTTP/2 after all: reads what was held of it, of one direction or of both.
    mutating func releasePrior(
        of direction: Direction? = nil, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        guard let held = prior else { return .goingOn }
        var rest = HeldBytes()
        for piece in held.pieces where direction != nil && piece.direction != direction { rest.append(piece) }
        prior = rest.pieces.isEmpty ? nil : rest
        for piece in held.pieces where direction == nil || piece.direction == direction {
            switch piece.content {
            case .bytes(let bytes):
                var offset = 0
                let outcome = receiveHTTP1(
                    bytes.span.bytes, from: &offset, piece.direction, in: piece.packet,
                    isPeerBehind: piece.isPeerBehind, &context)
                // What began so becomes nothing else within so few bytes.
                guard case .goingOn = outcome else { return .ignored }
            case .missing(let count, let reason), .missingInHead(let count, let reason),
                .missingEarlier(let count, let reason):
                miss(count, because: reason, piece.direction, before: piece.packet)
            case .ended(let ended): end(ended, piece.direction, in: piece.packet)
            case .late: break
            }
        }
        return .goingOn
    }

    /// What a request says of the settings of its client, where it offers to go on in HTTP/2. RFC 7540 §3.2.1.
    static func http2Settings(of request: HTTPHead) -> [UInt8]? {
        let fields = request.fields
        guard fields.has(.upgrade), !fields.has(.upgrade, onlyToken: "websocket"),
            fields.list(.upgrade, contains: "h2c"), let text = fields["HTTP2-Settings"].first
        else {
            return nil
        }
        var base64 = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while base64.count % 4 != 0 { base64.append("=") }
        return Base64.decode(String(base64).utf8)
    }

    /// A 101 that goes on in HTTP/2; `nil` where it is another.
    mutating func switchToHTTP2(
        _ head: HTTPHead, _ direction: Direction, _ context: inout AnalysisContext
    ) -> Outcome? {
        guard head.fields.list(.upgrade, contains: "h2c"), let request = requests.first, request.client != direction,
            let settings = request.http2Settings
        else { return nil }
        if let attempt = request.attempt { report(attempt, from: request.client, .refused(head), &context) }
        requests.removeAll()
        return .multiplexed(
            HTTP2Start(.begun(.upgrade(client: request.client, settings: settings)), held: held, proxy: proxy))
    }
}
