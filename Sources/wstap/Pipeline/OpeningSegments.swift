import TapCore
import TapSources
import TapTransport

/// The segments that open connections, as soon as they are sent: a socket may be gone when its packets are handed over.
final class OpeningSegments {
    private var capture: LiveCapture

    init(interface: String) throws(CaptureError) {
        var options = LiveOptions()
        options.filter = "tcp[tcpflags] & tcp-syn != 0 or (ip6[6] = 6 and ip6[53] & 2 != 0)"
        options.snapshotLength = 128
        options.bufferSize = 1 << 20
        options.immediate = true
        capture = try LiveCapture(interface: interface, options: options)
    }

    /// What can be waited on for them.
    var descriptor: Int32 { capture.descriptor }

    /// Both ends of the connections that were opened since the last time, the client first.
    func next() throws(CaptureError) -> [(client: Endpoint, server: Endpoint)] {
        var ends: [(client: Endpoint, server: Endpoint)] = []
        while ends.count < OpeningSegments.most, let packet = try capture.next() {
            guard case .tcp(let segment) = PacketDecoder.decode(capture.bytes, packet) else { continue }
            ends.append(
                segment.flags.contains(.ack)
                    ? (segment.destination, segment.source) : (segment.source, segment.destination))
        }
        return ends
    }

    private static let most = 256
}
