import Foundation
import Testing

/// What the client of a capture in `samples/http2` logged.
struct HTTP2Truth: SampleTruth, CustomStringConvertible, Sendable {
    struct Said: Decodable, Sendable { let bytes: Int }

    struct Tunnel: Decodable, Sendable {
        let stream: Int
        let path: String
        let status: Int
        let subprotocol: String?
        let sent: Said
        let received: Said
        /// `server ends`, `client resets with 8`, `client hangs up`
        let end: String
    }

    struct Wait: Decodable, Sendable {
        let stream: Int
        let seconds: Double
    }

    struct Connection: Decodable, Sendable {
        let clientPort: Int?
        let requests: Int
        let tunnels: [Tunnel]
        /// The settings in the request of HTTP/1.1 that became the first one of HTTP/2.
        let upgrade: String?
        let waited: Wait?
        let goaway: Int?
        /// Requests for other protocols than WebSocket.
        let otherProtocols: Int?
    }

    let connections: [Connection]
    var name = ""

    enum CodingKeys: String, CodingKey { case connections }

    var description: String { name }

    /// How many ordinary requests were made in streams.
    var requests: Int { connections.reduce(0) { $0 + $1.requests - ($1.upgrade == nil ? 0 : 1) } }
    var tunnels: Int { connections.reduce(0) { $0 + $1.tunnels.count } }
    var otherProtocols: Int { connections.reduce(0) { $0 + ($1.otherProtocols ?? 0) } }
    var isSecure: Bool { FileManager.default.fileExists(atPath: Wstap.sample("http2/\(name).keys")) }

    /// The capture, and its keys where it has some.
    var arguments: [String] {
        [Wstap.sample("http2/\(name).pcap")] + (isSecure ? ["--keylog", Wstap.sample("http2/\(name).keys")] : [])
    }

    static let all = all(in: "http2")
}

extension HTTP2Truth.Tunnel {
    /// Whether the frames of a connection are whole, and hold together as many bytes as were sent.
    func checkBytes(of connection: Int, in result: Wstap.Result) {
        var bytes: [String: Int] = [:]
        for frame in result.records("frame") where frame["connection"] as? Int == connection {
            let length = (frame["header_length"] as? Int ?? 0) + (frame["length"] as? Int ?? 0)
            bytes[frame["sender"] as? String ?? "", default: 0] += length
            #expect(frame["incomplete"] == nil)
        }
        #expect(bytes["client", default: 0] == sent.bytes, "what the client sent on stream \(stream)")
        #expect(bytes["server", default: 0] == received.bytes, "what the server sent on stream \(stream)")
    }
}
