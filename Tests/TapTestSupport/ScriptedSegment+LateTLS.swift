import TapAnalysis
import TapCore
import TapSecurity
import TapWebSocket

extension [ScriptedSegment] {
    /// The payloads of a WebSocket conversation, from the frames on, as a capture has them that began after so many records of
    /// TLS 1.3: each in a record of its own, which take the numbers that they would have. The records before are never made.
    /// - Parameters:
    ///   - headPackets: how many segments come before the first frame.
    ///   - numbers: that of the first record of each sender.
    package func secured(
        by session: SealedSession, after headPackets: Int, numbers first: [Sender: UInt64]
    ) -> [ScriptedSegment] {
        guard let opening = self.first else { return [] }
        var secured = Conversation(client: opening.source, server: opening.destination)
        let sealers = [Sender.client: session.sealer(ofClient: true), .server: session.sealer(ofClient: false)]
        var numbers = first
        for segment in dropFirst(headPackets) {
            var record: [UInt8] = []
            if !segment.payload.isEmpty, let sealer = sealers[segment.sender] {
                record = sealer.record(numbers[segment.sender, default: 0], segment.payload)
                numbers[segment.sender, default: 0] += 1
            }
            secured.add(segment.sender, segment.flags, record, isAcknowledging: segment.flags.contains(.ack))
        }
        return secured.segments
    }
}

/// Key logs of several sessions, the oldest first.
package struct SealedSessions: TLSSecretsSupply {
    private let logs: [String]

    /// The secrets of a session among those of others with the same suite.
    package init(_ session: SealedSession, among others: Int) {
        let lines = (0..<others).map { SealedSession(session.suite.rawValue, seed: 1_000_000 + UInt64($0)).keyLog }
        logs = Array(lines.prefix(others / 2)) + [session.keyLog] + lines.dropFirst(others / 2)
    }

    package var keyLog: String { logs.joined() }

    package func secrets() -> [TLSSecrets] {
        var bytes = Array(keyLog.utf8)
        return [TLSSecrets(wiping: &bytes, from: .keyLog)]
    }
}
