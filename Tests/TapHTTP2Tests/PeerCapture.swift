import Foundation
import TapCore
import TapHTTP2
import TapSecurity
import TapSources
import TapTestSupport
import TapTransport

/// What real peers said to each other over HTTP/2, and what they logged of it: samples/http2.
struct PeerCapture: Sendable {
    struct Truth: Decodable, Sendable {
        struct Said: Decodable, Sendable {
            let bytes: Int
            let sha256: String?
        }

        struct Tunnel: Decodable, Sendable {
            let stream: UInt32
            let path: String
            let status: Int?
            let subprotocol: String?
            /// What the client handed to its library, and was handed by it; `nil` where it does not log that.
            let sent: Said?
            let received: Said?
            let end: String?
        }

        struct Waited: Decodable, Sendable {
            let stream: UInt32
            let seconds: Double
        }

        struct Connection: Decodable, Sendable {
            let clientPort: UInt16?
            let requests: Int?
            let tunnels: [Tunnel]
            let upgrade: String?
            let waited: Waited?
            let goaway: UInt32?
        }

        let peers: String
        let serverPorts: [UInt16]
        let connections: [Connection]
    }

    /// The plain bytes of a connection, in the order in which they were captured.
    struct Flow: Sendable {
        let client: Direction
        let clientPort: UInt16
        var pieces: [(direction: Direction, bytes: [UInt8], packet: PacketHeader)] = []
    }

    let truth: Truth
    let flows: [Flow]

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples/http2")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".pcap") }.map { String($0.dropLast(5)) }.sorted()
    }()

    init(of name: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = Self.folder.appendingPathComponent("\(name).truth.json")
        truth = try decoder.decode(Truth.self, from: Data(contentsOf: file))
        var sink = FlowSink(serverPorts: truth.serverPorts)
        var table = FlowTable(limits: StreamLimits())
        var capture = try CaptureFile(path: Self.folder.appendingPathComponent("\(name).pcap").path)
        var last: PacketHeader?
        while let packet = try capture.next() {
            last = packet
            guard case .tcp(let segment) = PacketDecoder.decode(capture.bytes, packet) else { continue }
            table.receive(segment, capture.bytes, in: packet, to: &sink)
        }
        if let last { table.finish(in: last, to: &sink) }
        var flows = sink.flows
        if let keys = try? String(contentsOf: Self.folder.appendingPathComponent("\(name).keys"), encoding: .utf8) {
            flows = flows.map { Self.decrypted($0, keys) }
        }
        for (index, connection) in truth.connections.enumerated() where connection.upgrade != nil {
            flows[index].skipHeads()
        }
        self.flows = flows
    }

    private static func decrypted(_ flow: Flow, _ keys: String) -> Flow {
        let log = KeyLog(limits: KeyLog.Limits())
        var reader = KeyLogReader(.keyLog)
        reader.receive(Array(keys.utf8).span.bytes, into: log)
        reader.finish(into: log)
        let context = TLSContext(keyLog: log, rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        var plain = Flow(client: flow.client, clientPort: flow.clientPort)
        guard let first = flow.pieces.first?.packet else { return plain }
        let connection = TLSConnection(
            isStartCaptured: true, likelyClient: flow.client == .fromFirst ? .first : .second, openedIn: first)
        var sink = PlainSink(flow: plain)
        for piece in flow.pieces {
            let direction: TLSDirection = piece.direction == .fromFirst ? .first : .second
            connection.receive(piece.bytes.span.bytes, on: direction, in: piece.packet, context, into: &sink)
        }
        plain = sink.flow
        return plain
    }

    /// Feeds a connection with all of it, from some piece on.
    static func read(
        _ flow: Flow, _ beginning: HTTP2Beginning, from first: Int = 0, cut: ([UInt8]) -> [[UInt8]] = { [$0] }
    ) -> (sink: RecordingHTTP2Sink, counts: HTTP2Counts) {
        var connection = HTTP2Connection(beginning, limits: HTTP2Limits())
        var sink = RecordingHTTP2Sink()
        var last = PacketHeader.numbered(0)
        for piece in flow.pieces.dropFirst(first) {
            last = piece.packet
            for bytes in cut(piece.bytes) {
                connection.receive(bytes.span.bytes, on: piece.direction, in: piece.packet, into: &sink)
            }
        }
        connection.finish(in: last, into: &sink)
        return (sink, connection.counts)
    }
}

extension PeerCapture.Flow {
    /// Leaves out the heads of HTTP/1.1 that ask for HTTP/2.
    fileprivate mutating func skipHeads() {
        let end = Array("\r\n\r\n".utf8)
        for direction in [Direction.fromFirst, .fromSecond] {
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual(end),
                let index = pieces.firstIndex(where: { $0.direction == direction })
            {
                head.append(pieces[index].bytes.removeFirst())
                if pieces[index].bytes.isEmpty { pieces.remove(at: index) }
            }
        }
    }
}

/// Keeps the bytes of the connections with servers on some ports.
private struct FlowSink: StreamSink {
    let serverPorts: [UInt16]
    var flows: [PeerCapture.Flow] = []
    private var places: [FlowID: Int] = [:]

    init(serverPorts: [UInt16]) { self.serverPorts = serverPorts }

    mutating func opened(_ flow: FlowID, _ identity: FlowIdentity, isStartCaptured: Bool) {
        places[flow] = flows.count
        let isFirstServer = serverPorts.contains(identity.key.firstPort)
        flows.append(
            PeerCapture.Flow(
                client: isFirstServer ? .fromSecond : .fromFirst,
                clientPort: isFirstServer ? identity.key.secondPort : identity.key.firstPort))
    }

    mutating func received(
        _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        guard let place = places[stream.flow] else { return false }
        flows[place].pieces.append((stream.direction, [UInt8](bytes), packet))
        return true
    }

    mutating func missed(_ count: Int, because reason: GapReason, on stream: StreamID, before packet: PacketHeader) {}

    mutating func found(_ anomaly: SegmentAnomaly, on stream: StreamID, in packet: PacketHeader) {}

    mutating func ended(_ end: DirectionEnd, on stream: StreamID, in packet: PacketHeader) {}

    mutating func closing(_ flow: FlowID, openedIn opening: PacketNumber) {}

    mutating func closed(_ flow: FlowID, _ key: FlowKey, _ reason: StreamEnd, in packet: PacketHeader) {}
}

/// Keeps what the records of a connection carry.
private struct PlainSink: TLSSink {
    var flow: PeerCapture.Flow

    mutating func received(_ plain: RawSpan, on direction: TLSDirection, from record: TLSRecordPlace) {
        flow.pieces.append((direction == .first ? .fromFirst : .fromSecond, [UInt8](plain), record.packet))
    }

    mutating func missed(_ loss: TLSLoss, on direction: TLSDirection, before packet: PacketHeader) {}

    mutating func ended(_ direction: TLSDirection, in packet: PacketHeader) {}

    mutating func found(_ event: TLSEvent, on direction: TLSDirection, in packet: PacketHeader) {}
}
