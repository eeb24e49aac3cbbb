import TapAnalysis
import TapCore
import TapHTTP
import TapReports
import TapWebSocket

/// Observations written by hand, as an analysis would make them.
struct Script {
    /// 2026-11-20T10:00:00.000123Z
    static let start = Timestamp(nanoseconds: 1_795_168_800_000_123_000)
    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    private(set) var observations = Observations()
    var summary = Summary()
    var comments: [CaptureComment] = []
    private var frameNumbers: [Int: Int] = [:]
    private var now = Script.start
    private var packet: UInt64 = 0

    static func client(_ connection: Int) -> Endpoint {
        Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: UInt16(51_233 + connection))
    }

    static func id(_ connection: Int) -> ConnectionID { ConnectionID(rawValue: 0xC0_FFEE << 8 | UInt64(connection)) }

    static let server = Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 8_080)

    /// Moves on to the next packet.
    mutating func advance(microseconds: Int64 = 700) {
        packet += 1
        now.nanoseconds += microseconds * 1_000
        summary.packets += 1
        summary.bytes += 100
        summary.firstTime = summary.firstTime ?? now
        summary.lastTime = now
    }

    mutating func store(_ payload: [UInt8]) -> Range<Int> { observations.store(payload) }

    mutating func add(_ observation: Observation) { observations.append(observation) }

    static func request(
        target: String = "/chat", fields: [(String, String)] = [], packet: UInt64 = 4, time: Timestamp = start
    ) -> HTTPHead {
        let standard = [
            ("Host", "localhost:8080"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", key), ("Sec-WebSocket-Version", "13"),
        ]
        return HTTPHead(
            startLine: .request(method: "GET", target: target, version: "HTTP/1.1"),
            fields: HTTPFields((standard + fields).map { HTTPField(name: $0.0, value: $0.1) }), oddities: [],
            packet: PacketNumber(packet), time: time)
    }

    static func response(
        _ status: Int = 101, _ reason: String = "Switching Protocols", accept: String? = accept,
        fields: [(String, String)] = [], packet: UInt64 = 6, time: Timestamp = start
    ) -> HTTPHead {
        var all = status == 101 ? [("Upgrade", "websocket"), ("Connection", "Upgrade")] : []
        if let accept, status == 101 { all.append(("Sec-WebSocket-Accept", accept)) }
        return HTTPHead(
            startLine: .response(version: "HTTP/1.1", status: status, reason: reason),
            fields: HTTPFields((all + fields).map { HTTPField(name: $0.0, value: $0.1) }), oddities: [],
            packet: PacketNumber(packet), time: time)
    }

    /// The heads of a stream of HTTP/2.
    static var streamRequest: HTTPHead {
        let fields = [
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", "/chat"),
            (":authority", "localhost:8080"), ("sec-websocket-version", "13"),
        ]
        return HTTPHead(
            startLine: .request(method: "CONNECT", target: "/chat", version: "HTTP/2"),
            fields: HTTPFields(fields.map { HTTPField(name: $0.0, value: $0.1) }), oddities: [],
            packet: PacketNumber(4), time: start)
    }

    static var streamResponse: HTTPHead {
        HTTPHead(
            startLine: .response(version: "HTTP/2", status: 200, reason: ""),
            fields: HTTPFields([HTTPField(name: ":status", value: "200")]), oddities: [], packet: PacketNumber(6),
            time: start)
    }

    mutating func handshake(
        _ verdict: Verdict = .valid, on connection: Int = 1, request: HTTPHead? = Script.request(),
        response: HTTPHead? = Script.response(), violations: [Violation] = [], proxy: ProxyHeader? = nil,
        roundTrip: Int64? = nil
    ) {
        advance()
        var handshake = Handshake(
            connection: connection, connectionID: Script.id(connection), client: Script.client(connection),
            server: Script.server, request: request,
            response: response, verdict: verdict, violations: violations, packet: PacketNumber(packet),
            time: now, proxy: proxy)
        handshake.roundTrip = roundTrip
        add(.handshake(handshake))
        summary.connections += 1
        summary.handshakes[verdict, default: 0] += 1
        for violation in violations { finding(violation, on: connection) }
    }

    /// - Parameters:
    ///   - first: the frame's first byte: FIN, reserved bits and opcode.
    ///   - inflated: what its payload inflates to, if it does.
    mutating func frame(
        _ sender: Sender, _ first: UInt8, _ payload: [UInt8], on connection: Int = 1, length: UInt64? = nil,
        captured: UInt64? = nil, message: Int? = nil, firstPacket: UInt64? = nil,
        inflated: [UInt8]? = nil, violations: [Violation] = []
    ) {
        advance()
        frameNumbers[connection, default: 0] += 1
        let number = frameNumbers[connection, default: 0]
        let length = length ?? UInt64(payload.count)
        let captured = captured ?? length
        let header = Script.header(first, length: length, isMasked: sender == .client)
        let frame = Frame(
            connection: connection, connectionID: Script.id(connection), number: number, message: message,
            sender: sender, header: header, time: now,
            packet: PacketNumber(packet), firstPacket: PacketNumber(firstPacket ?? packet), capturedLength: captured,
            isWhole: captured == length, payload: observations.store(payload),
            inflated: observations.store(inflated ?? []), inflatedLength: UInt64(inflated?.count ?? 0),
            isInflatedToNothing: inflated == [],
            close: header.opcode == .close ? CloseBody(payload) : nil, findings: violations.map(\.id))
        add(.frame(frame))
        summary.frames += 1
        if message != nil, header.isFinal { summary.messages += 1 }
        for violation in violations { finding(violation, on: connection, frame: number, by: sender) }
    }

    mutating func text(_ sender: Sender, _ text: String, on connection: Int = 1) {
        frame(sender, 0x81, Array(text.utf8), on: connection, message: 1)
    }

    mutating func finding(_ violation: Violation, on connection: Int = 1, frame: Int? = nil, by sender: Sender? = nil) {
        summary.findings[violation.id, default: 0] += 1
        add(
            .finding(
                Finding(
                    connection: connection, connectionID: Script.id(connection), violation: violation, time: now,
                    packet: PacketNumber(packet), frame: frame,
                    sender: sender)))
    }

    mutating func close(
        on connection: Int = 1, code: UInt16? = nil, reason: String = "", hasFrame: Bool = true,
        initiator: Sender? = .client, isClean: Bool = true, by cause: ConnectionClose.Cause = .fin,
        client: DirectionStatistics = DirectionStatistics(), server: DirectionStatistics = DirectionStatistics(),
        clientPings: PingStatistics = PingStatistics(), change: (inout ConnectionClose) -> Void = { _ in }
    ) {
        advance()
        var close = ConnectionClose()
        close.initiator = initiator
        close.isClean = isClean
        close.endedBy = cause
        if hasFrame {
            close.sign = .close
            close.body = CloseBody(Script.closePayload(code, reason))
        } else if initiator != nil {
            close.sign = cause == .rst ? .rst : .fin
        }
        change(&close)
        add(
            .connection(
                Connection(
                    number: connection, id: Script.id(connection), client: Script.client(connection),
                    server: Script.server, opened: Script.start,
                    closed: now, duration: now.since(Script.start), close: close, fromClient: client,
                    fromServer: server,
                    clientPings: clientPings, serverPings: PingStatistics())))
    }

    static func closePayload(_ code: UInt16?, _ reason: String = "") -> [UInt8] {
        code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] + Array(reason.utf8) } ?? []
    }

    static func header(_ first: UInt8, length: UInt64, isMasked: Bool) -> FrameHeader {
        let mask: UInt8 = isMasked ? 0x80 : 0
        var bytes: [UInt8]
        switch length {
        case 0...125: bytes = [first, mask | UInt8(length)]
        case 126...0xFFFF: bytes = [first, mask | 126] + bigEndian(length, bytes: 2)
        default: bytes = [first, mask | 127] + bigEndian(length, bytes: 8)
        }
        if isMasked { bytes += [0x37, 0xFA, 0x21, 0x3D] }
        let span = bytes.span
        var reader = ByteReader(span.bytes)
        guard let header = FrameHeader(from: &reader) else { preconditionFailure("a whole header") }
        return header
    }

    private static func bigEndian(_ value: UInt64, bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    }

    /// What a report makes of the script, from its first byte to its last.
    func output(of report: some Report, dropped: UInt64 = 0) -> [UInt8] {
        var report = report
        var output: [UInt8] = []
        for comment in comments { report.write(comment, start: Script.start, to: &output) }
        report.write(observations, start: Script.start, to: &output)
        report.finish(summary, dropped: dropped, to: &output)
        return output
    }

    func text(of report: some Report) -> String { String(decoding: output(of: report), as: UTF8.self) }
}
