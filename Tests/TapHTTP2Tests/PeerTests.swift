import Foundation
import TapCore
import TapHTTP2
import Testing

@Suite("HTTP/2 of real peers")
struct PeerTests {
    @Test("there are captures of each pair")
    func all() { #expect(PeerCapture.names.count >= 14) }

    private func beginning(_ flow: PeerCapture.Flow, _ truth: PeerCapture.Truth.Connection) -> HTTP2Beginning {
        guard let upgrade = truth.upgrade else { return .preface(client: flow.client) }
        return .upgrade(client: flow.client, settings: Data(base64Encoded: upgrade).map { [UInt8]($0) } ?? [])
    }

    private func hash(_ bytes: [UInt8]) -> String {
        let digest = SHA256.digest(of: bytes.span.bytes)
        return Hex.string((0..<32).map { digest[$0] })
    }

    /// The connections of a capture, each with what the client logged of it.
    private func connections(of capture: PeerCapture) throws -> [(PeerCapture.Flow, PeerCapture.Truth.Connection)] {
        try capture.truth.connections.map { truth in
            // A browser opens a connection more than it needs.
            let flow = capture.flows.first { flow in
                truth.clientPort.map { $0 == flow.clientPort } ?? !flow.pieces.isEmpty
            }
            return (try #require(flow), truth)
        }
    }

    @Test("what is given is what the client logged", arguments: PeerCapture.names)
    func peers(name: String) throws {
        for (flow, truth) in try connections(of: PeerCapture(of: name)) {
            let (sink, counts) = PeerCapture.read(flow, beginning(flow, truth))
            #expect(sink.violations.isEmpty)
            #expect(sink.limits.isEmpty)
            if let requests = truth.requests {
                // The one that asks for the upgrade is of HTTP/1.1.
                #expect(counts.ordinaryRequests == UInt64(truth.upgrade == nil ? requests : requests - 1))
            }
            #expect(counts.tunnels == UInt64(truth.tunnels.count))
            #expect(sink.requests.map(\.stream.rawValue) == truth.tunnels.map(\.stream))
            #expect(sink.requests.map(\.path) == truth.tunnels.map(\.path))
            for tunnel in truth.tunnels { check(tunnel, sink, flow.client) }
            if let goaway = truth.goaway {
                let codes = sink.events.compactMap { event -> UInt32? in
                    guard case .goAway(_, let code) = event else { return nil }
                    return code
                }
                #expect(codes.contains(goaway))
            }
            if let waited = truth.waited {
                let stall = try #require(sink.stalls.first { $0.stream.rawValue == waited.stream })
                let seconds = Double(stall.duration) / 1e9
                #expect(seconds >= waited.seconds && seconds < waited.seconds + 0.5)
            }
        }
    }

    private func check(_ tunnel: PeerCapture.Truth.Tunnel, _ sink: RecordingHTTP2Sink, _ client: Direction) {
        let id = HTTP2StreamID(tunnel.stream)
        let response = sink.responses.last { $0.stream == id }
        #expect(response?.status == tunnel.status)
        #expect(response?.fields.list("Sec-WebSocket-Protocol").first == tunnel.subprotocol)
        for (said, direction) in [(tunnel.sent, client), (tunnel.received, client.opposite)] {
            guard let said else { continue }
            let bytes = sink.data(tunnel.stream, direction)
            #expect(bytes.count == said.bytes)
            if let sha256 = said.sha256 { #expect(hash(bytes) == sha256) }
            #expect(sink.losses(tunnel.stream, direction).isEmpty)
        }
        let ends = sink.items.compactMap { item -> String? in
            guard case .event(let event, let direction) = item else { return nil }
            let peer = direction == client ? "client" : "server"
            switch event {
            case .ended(id): return "\(peer) ends"
            case .reset(id, .ofHTTP2, let code): return "\(peer) resets with \(code)"
            default: return nil
            }
        }
        if let end = tunnel.end, !end.hasSuffix("hangs up") { #expect(ends.contains(end), "\(ends)") }
    }

    @Test("where bytes are cut changes nothing", arguments: PeerCapture.names)
    func cut(name: String) throws {
        for (flow, truth) in try connections(of: PeerCapture(of: name)) {
            let whole = PeerCapture.read(flow, beginning(flow, truth)).sink.items
            for size in [1, 2, 7, 100] {
                let cut = PeerCapture.read(flow, beginning(flow, truth)) { bytes in
                    stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
                }
                #expect(cut.sink.items == whole)
            }
        }
    }

    @Test(
        "wherever the capture begins, what is given was sent on that stream, and nobody is accused",
        arguments: PeerCapture.names)
    func late(name: String) throws {
        for (flow, truth) in try connections(of: PeerCapture(of: name)) {
            let whole = PeerCapture.read(flow, beginning(flow, truth)).sink
            var found = 0
            try #require(flow.pieces.count > 1)
            for first in 1..<flow.pieces.count {
                let (sink, _) = PeerCapture.read(flow, .inside(client: nil), from: first)
                #expect(sink.violations.isEmpty)
                for tunnel in truth.tunnels {
                    for direction in [Direction.fromFirst, .fromSecond] {
                        let bytes = sink.data(tunnel.stream, direction)
                        let sent = whole.data(tunnel.stream, direction)
                        #expect(
                            bytes.elementsEqual(sent.suffix(bytes.count)) || isWithin(bytes, sent),
                            "\(name) from \(first)")
                        found += bytes.count
                    }
                }
                check(heads: sink.requests, whole.requests, "\(name) from \(first)")
            }
            let sent = truth.tunnels.reduce(0) { $0 + ($1.sent?.bytes ?? 0) }
            #expect(found > 0 || sent == 0)
        }
    }

    /// What is known of a request is what was sent.
    private func check(heads: [HTTP2Head], _ sent: [HTTP2Head], _ place: String) {
        for head in heads {
            guard let all = sent.first(where: { $0.stream == head.stream }) else { continue }
            let (known, fields) = (head.pseudoFields + head.fields.all, all.pseudoFields + all.fields.all)
            #expect(known.allSatisfy { fields.contains($0) }, "\(place)")
            #expect(known.count + head.unknownFields == fields.count, "\(place)")
        }
    }

    /// Whether some bytes are in others in one piece or in two: what came first may have gone before the frames were found.
    private func isWithin(_ bytes: [UInt8], _ sent: [UInt8]) -> Bool {
        guard bytes.count <= sent.count else { return false }
        return (0...sent.count - bytes.count).contains { sent[$0..<$0 + bytes.count].elementsEqual(bytes) }
    }
}
