import TapCore
import TapTestSupport
import TapWebSocket

extension HardCapture {
    /// Two connections with the same addresses and ports, one after the other.
    static let tcpPorts: [HardCapture] = {
        func pair(
            _ name: String, clientISN: UInt32 = 77_000, tsharkDiffers: String? = nil,
            _ join: ([ScriptedSegment], [ScriptedSegment]) -> [ScriptedSegment]
        ) -> HardCapture {
            let (first, second) = (Dialogue.whole(), Dialogue.whole(connection: 2, clientISN: clientISN))
            return HardCapture(
                .tcp, name, join(first.segments, second.segments), frames: first.frames + second.frames,
                tsharkDiffers: tsharkDiffers)
        }
        return [
            pair("ports that are used again") { $0 + $1 },
            pair(
                "ports that are used again with the same sequence numbers", clientISN: 1_000,
                tsharkDiffers: "it takes a SYN with the same number for a repetition"
            ) {
                $0 + $1
            },
            pair("ports that are used again with lower sequence numbers", clientISN: 10) {
                $0 + $1
            },
            pair("ports that are used again after an end that was not captured") {
                $0.dropLast(4) + $1
            },
            pair(
                "ports that are used again after an end that was not captured, without the client's SYN",
                tsharkDiffers: "it begins a new conversation with a SYN of the client only"
            ) {
                $0.dropLast(4) + $1.dropFirst().map { $0.shifted(.server, by: 1_000_000) }
            },
            pair("ports that are used again after a reset") {
                $0.dropLast(4) + [$0[WholePlace.clientFin].bare([.rst])] + $1
            },
            pair("late copies from the connection before, in between the packets of the next") {
                first, second in
                let late = WholePlace.withPayload.map { first[$0] }
                var segments = first
                for (index, segment) in second.enumerated() {
                    segments.append(segment)
                    if index >= 8, index - 8 < late.count { segments.append(late[index - 8]) }
                }
                return segments
            },
            pair(
                "a late SYN of the connection before",
                tsharkDiffers: "it begins a new conversation with each SYN that has another number"
            ) {
                $0
                    + $1.adding($0[WholePlace.syn], behind: WholePlace.serverText).adding(
                        $0[WholePlace.synAck], behind: WholePlace.serverText + 3)
            },
            pair("a late FIN and RST of the connection before") {
                $0
                    + $1.adding($0[WholePlace.serverFin], behind: WholePlace.serverText)
                    .adding($0[WholePlace.clientFin].bare([.rst]), behind: WholePlace.serverText + 3)
            },
            pair(
                "ports that are used again, and lower sequence numbers before late copies", clientISN: 400
            ) {
                $0 + $1.adding($0[WholePlace.clientPieces.upperBound], behind: WholePlace.response + 1)
            },
            mistreated("a connection that is refused, and tried again with the same number") {
                let refusal = $0[1].bare([.rst, .ack]).with { $0.sequenceNumber = SequenceNumber(0) }
                return [$0[0], refusal] + $0
            },
            mistreated("a connection that is refused, and tried again with another number") {
                let refusal = $0[1].bare([.rst, .ack]).with { $0.sequenceNumber = SequenceNumber(0) }
                return [$0[0].with { $0.sequenceNumber = SequenceNumber(5_555) }, refusal] + $0
            },
            mistreated("a SYN that nobody answers, and another one") {
                [$0[0].with { $0.sequenceNumber = SequenceNumber(5_555) }] + $0
            },
        ]
    }()
}
