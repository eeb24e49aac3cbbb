import TapAnalysis
import TapCore

/// What is to be written beside the packets of a capture: handshakes with their verdicts, and what was found.
public struct PacketComments: Sendable {
    private var texts: [PacketNumber: [String]] = [:]
    private var count = 0

    /// Comments in all; of more findings nothing is written.
    private static let limit = 1_000_000
    /// Comments of one packet.
    private static let packetLimit = 32

    public init() {}

    public mutating func note(_ observations: Observations) {
        for observation in observations.all {
            switch observation {
            case .handshake(let handshake):
                add("handshake \(handshake.verdict.rawValue)", of: handshake.connection, to: handshake.packet)
            case .finding(let finding):
                let violation = finding.violation
                add(
                    "\(violation.id.rawValue) (\(violation.severity.rawValue), \(violation.id.reference)): "
                        + TerminalText.escape(violation.detail), of: finding.connection, to: finding.packet)
            case .frame, .message, .connection, .tls: break
            }
        }
    }

    /// The comments on a packet, each a line of text that can be shown in a terminal.
    public subscript(packet: PacketNumber) -> [String] { texts[packet] ?? [] }

    /// The same as they stand in a file.
    package func bytes(on packet: PacketNumber) -> [[UInt8]] { self[packet].map { Array($0.utf8) } }

    private mutating func add(_ text: String, of connection: Int, to packet: PacketNumber) {
        guard count < PacketComments.limit, texts[packet]?.count ?? 0 < PacketComments.packetLimit else { return }
        count += 1
        texts[packet, default: []].append("wstap: connection \(connection): \(text)")
    }
}
