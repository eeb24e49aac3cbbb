import TapTestSupport
import TapWebSocket

extension HardCapture {
    private static let noRequest = "it takes a 101 for WebSocket's only where its request came before"
    private static let clientEarly = "what the client sends before the 101 is HTTP to it"

    /// Packets in another order than they were sent.
    static let tcpOrder: [HardCapture] =
        [
            mistreated("the 101 before its request", tsharkDiffers: noRequest) { $0.moving(WholePlace.request, by: 2) },
            mistreated("the server's SYN before the client's") { $0.moving(WholePlace.syn, by: 1) },
            mistreated("the client's side after the server's", tsharkDiffers: noRequest) {
                $0.filter { $0.sender == .server } + $0.filter { $0.sender == .client }
            },
            mistreated("the server's side after the client's", tsharkDiffers: clientEarly) {
                $0.filter { $0.sender == .client } + $0.filter { $0.sender == .server }
            },
            mistreated("the pieces of a message in reverse") {
                var segments = $0
                segments.swapAt(WholePlace.clientPieces.lowerBound, WholePlace.clientPieces.upperBound)
                segments.swapAt(WholePlace.serverPieces.lowerBound, WholePlace.serverPieces.upperBound)
                return segments
            },
            mistreated("the FIN of the server before its close frame") { $0.moving(WholePlace.serverClose, by: 3) },
            mistreated("the FIN of each side before its last bytes") {
                $0.moving(WholePlace.serverClose, by: 5).moving(WholePlace.clientClose, by: 7)
            },
        ]
        + [1, 5, 10, 15].map { distance in
            mistreated("a segment that comes \(distance) packets late") {
                $0.moving(WholePlace.clientPieces.lowerBound, by: distance)
            }
        }
        + [2, 4, 8].flatMap { distance in
            (1...2).map { seed in
                mistreated(
                    "packets that are up to \(distance) places away from where they were, \(seed)",
                    tsharkDiffers: distance == 8 && seed == 1 ? noRequest : nil
                ) {
                    var generator = SeededGenerator(seed: seed * 100 + distance)
                    return $0.shuffled(within: distance, keepingFirst: 3, using: &generator)
                }
            }
        }
        + [3, 6, 12].flatMap { delay in
            Sender.allCases.map { sender in
                mistreated(
                    "a clock of the \(sender.rawValue)'s side that is \(delay) packets late",
                    tsharkDiffers: sender == .client ? noRequest : clientEarly
                ) { segments in
                    segments.enumerated()
                        .sorted { one, other in
                            let places = [one, other].map { $0.offset + ($0.element.sender == sender ? delay : 0) }
                            return (places[0], one.offset) < (places[1], other.offset)
                        }
                        .map(\.element)
                }
            }
        }
}
