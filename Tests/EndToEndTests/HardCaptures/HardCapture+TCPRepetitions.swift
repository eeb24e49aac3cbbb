import TapTestSupport
import TapWebSocket

extension HardCapture {
    /// Bytes that come more than once.
    static let tcpRepetitions: [HardCapture] =
        [
            mistreated("each packet twice, as a mirror port of both directions gives it") { $0.flatMap { [$0, $0] } },
            mistreated("each packet three times") { $0.flatMap { [$0, $0, $0] } },
            mistreated("each packet again ten packets later") { segments in
                segments.indices.flatMap { index in
                    index < 10 ? [segments[index]] : [segments[index], segments[index - 10]]
                }
            },
            mistreated("a message sent again in one segment") { segments in
                segments.adding(segments.joined(WholePlace.clientPieces), behind: WholePlace.clientPieces.upperBound)
            },
            mistreated("a lost segment that comes again with all that followed it") { segments in
                segments.adding(segments.joined(WholePlace.serverPieces), behind: WholePlace.serverPieces.upperBound)
                    .without(WholePlace.serverPieces.lowerBound)
            },
            mistreated("segments of one byte") { $0.byteByByte },
            mistreated("segments of one byte, the even ones before the odd ones") { segments in
                segments.flatMap { segment -> [ScriptedSegment] in
                    let bytes = [segment].byteByByte.enumerated()
                    return bytes.filter { $0.offset % 2 == 1 }.map(\.element)
                        + bytes.filter { $0.offset % 2 == 0 }.map(\.element)
                }
            },
            mistreated("keep-alive probes with a byte of garbage") { segments in
                segments.flatMap { segment -> [ScriptedSegment] in
                    guard segment.payload.isEmpty, segment.flags == [.ack] else { return [segment] }
                    let probe = segment.piece(0..<0).with {
                        $0.sequenceNumber = $0.sequenceNumber.advanced(by: -1)
                        $0.payload = [0xEE]
                        $0.capturedLength = 1
                    }
                    return [segment, probe]
                }
            },
            mistreated("keep-alive probes without a byte") { segments in
                segments.flatMap { segment in
                    segment.payload.isEmpty && segment.flags == [.ack]
                        ? [segment, segment.bare([.ack], ahead: -1)] : [segment]
                }
            },
            mistreated("probes of a closed window, each with the next byte") { segments in
                segments.flatMap { segment in
                    segment.payload.count < 2 ? [segment] : [segment.piece(0..<1), segment.piece(0..<1), segment]
                }
            },
            mistreated("a copy with other bytes", findings: [.tcpConflictingOverlap]) {
                $0.adding($0[WholePlace.clientText].garbled, behind: WholePlace.clientText)
            },
            mistreated("a copy with other bytes, three messages later", findings: [.tcpConflictingOverlap]) {
                $0.adding($0[WholePlace.serverText].garbled, behind: WholePlace.serverText + 8)
            },
            mistreated("a copy of the request with other bytes", findings: [.tcpConflictingOverlap]) {
                $0.adding($0[WholePlace.request].garbled, behind: WholePlace.request)
            },
            mistreated(
                "a copy with other bytes, both before the segment that they follow", findings: [.tcpConflictingOverlap]
            ) {
                $0.adding($0[WholePlace.clientPieces.upperBound].garbled, behind: WholePlace.clientPieces.upperBound)
                    .moving(WholePlace.clientPieces.lowerBound, by: 3)
            },
            mistreated("a copy with other bytes that goes on with the right ones", findings: [.tcpConflictingOverlap]) {
                segments in
                let (first, second) = (
                    segments[WholePlace.serverPieces.lowerBound], segments[WholePlace.serverPieces.lowerBound + 1]
                )
                let both = first.garbled.with {
                    $0.payload += second.payload
                    $0.capturedLength = $0.payload.count
                }
                return segments.adding(both, behind: WholePlace.serverPieces.lowerBound).without(
                    WholePlace.serverPieces.lowerBound + 2)
            },
        ]
        + (1...6).map { seed in
            mistreated("segments that overlap each other at random, \(seed)") {
                var generator = SeededGenerator(seed: 300 + seed)
                return Array($0.prefix(3))
                    + Array($0.dropFirst(3)).resegmented(using: &generator)
                    .duplicated(oneIn: 3, keepingFirst: 0, using: &generator)
            }
        }
}
