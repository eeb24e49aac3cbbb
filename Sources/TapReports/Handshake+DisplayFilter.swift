import TapAnalysis
import TapCore

extension Handshake {
    /// A display filter of Wireshark's for the packets of the connection, and of what else its stream shares them with.
    /// - Parameter number: Wireshark's number of the connection of TCP; `nil` where nobody counted.
    func displayFilter(ofStream number: Int?) -> String {
        var parts: [String] = []
        if let number, !(stream?.transport.isOverUDP ?? false) {
            parts.append("tcp.stream == \(number)")
        } else {
            let ports = stream?.transport.isOverUDP ?? false ? "udp.port" : "tcp.port"
            for end in [client, server] {
                parts.append("\(end.address.isIPv6 ? "ipv6.addr" : "ip.addr") == \(end.address)")
            }
            for end in [client, server] { parts.append("\(ports) == \(end.port)") }
        }
        if let stream, !stream.transport.isOverUDP { parts.append("http2.streamid == \(stream.number)") }
        return parts.joined(separator: " && ")
    }
}
