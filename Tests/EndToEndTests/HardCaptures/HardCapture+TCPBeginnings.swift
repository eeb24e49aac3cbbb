import TapCore
import TapTestSupport
import TapWebSocket

extension HardCapture {
    /// Connections that begin in another way than by three packets.
    static let tcpBeginnings: [HardCapture] = [
        mistreated("a SYN that is sent three times") { [$0[0], $0[0]] + $0 },
        mistreated("a SYN and its answer that are sent again") { $0.adding($0[1], behind: 1).adding($0[0], behind: 3) },
        mistreated("a late copy of the SYN") { $0.adding($0[0], behind: WholePlace.serverText) },
        mistreated("no SYN of the client") { $0.without(WholePlace.syn) },
        mistreated("no SYN of the server") { $0.without(WholePlace.synAck) },
        mistreated("no TCP handshake") { $0.without(0, 1, 2) },
        mistreated("no bare acknowledgments") {
            $0.filter { !$0.payload.isEmpty || !$0.flags.isDisjoint(with: [.syn, .fin]) }
        },
        mistreated(
            "no SYN of the server, whose 101 comes after what follows it",
            tsharkDiffers: "what comes before the 101 is HTTP to it"
        ) {
            $0.moving(WholePlace.response, by: 4).without(WholePlace.synAck, WholePlace.response)
        },
        mistreated("both sides' SYNs at once") { segments in
            let opening = segments[WholePlace.synAck].bare([.syn]).with { $0.acknowledgmentNumber = SequenceNumber(0) }
            let answer = segments[WholePlace.syn].with {
                $0.flags = [.syn, .ack]
                $0.acknowledgmentNumber = opening.sequenceNumber.advanced(by: 1)
            }
            return [segments[0], opening, answer] + segments[1...]
        },
        mistreated("the request in the SYN, which the server takes (TCP Fast Open)") { segments in
            let request = segments[WholePlace.request].payload
            let opening = segments[0].with {
                $0.payload = request
                $0.capturedLength = request.count
            }
            let answer = segments[1].with {
                $0.acknowledgmentNumber = $0.acknowledgmentNumber.advanced(by: request.count)
            }
            return [opening, answer] + segments[2...].filter { $0.payload != request }
        },
        mistreated("the request in the SYN, which the server does not take (TCP Fast Open)") { segments in
            let request = segments[WholePlace.request].payload
            let opening = segments[0].with {
                $0.payload = request
                $0.capturedLength = request.count
            }
            return [opening] + segments[1...]
        },
        mistreated("sequence numbers that wrap in the request") { $0.map { $0.shifted(.client, by: 0 &- 1_050) } },
        mistreated("sequence numbers that wrap in the SYN") { $0.map { $0.shifted(.client, by: 0 &- 1_001) } },
        mistreated("sequence numbers that wrap in a message") { $0.map { $0.shifted(.client, by: 0 &- 3_000) } },
    ]
}

extension ScriptedSegment {
    /// The same with one side's sequence numbers moved around the circle.
    func shifted(_ shifted: Sender, by count: UInt32) -> ScriptedSegment {
        with {
            if sender == shifted {
                $0.sequenceNumber = SequenceNumber(sequenceNumber.rawValue &+ count)
            } else {
                $0.acknowledgmentNumber = SequenceNumber(acknowledgmentNumber.rawValue &+ count)
            }
        }
    }
}
