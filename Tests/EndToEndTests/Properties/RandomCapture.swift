import TapTestSupport
import TapWebSocket

/// A few connections at once, made up from a seed.
struct RandomCapture {
    /// Numbered by the port of their clients, which stays the same whatever comes first in the capture.
    private(set) var dialogues: [RandomDialogue] = []
    /// The segments of all of them, by turns as chance has it.
    private(set) var segments: [ScriptedSegment] = []

    /// - Parameter segmentLimit: the most bytes of payload in a segment.
    init(_ generator: inout SeededGenerator, segmentLimit: Int = 64_000) {
        for port in 1...UInt16.random(in: 1...3, using: &generator) {
            dialogues.append(RandomDialogue(port: 40_000 + port, segmentLimit: segmentLimit, &generator))
        }
        var rest = dialogues.map { $0.segments[...] }
        while let index = rest.indices.filter({ !rest[$0].isEmpty }).randomElement(using: &generator) {
            let burst = rest[index].prefix(Int.random(in: 1...4, using: &generator))
            segments += burst
            rest[index].removeFirst(burst.count)
        }
    }

    /// What the peers do wrong, as warnings and errors.
    var faults: [FindingFacts] { dialogues.flatMap(\.faults).sorted() }

    var peers: Set<SendingPeer> {
        Set(dialogues.flatMap { dialogue in Sender.allCases.map { SendingPeer(port: dialogue.port, sender: $0) } })
    }

    func dialogue(at port: UInt16) -> RandomDialogue? { dialogues.first { $0.port == port } }
}

extension ScriptedSegment {
    var clientPort: UInt16 { sender == .client ? source.port : destination.port }
    var peer: SendingPeer { SendingPeer(port: clientPort, sender: sender) }
}
