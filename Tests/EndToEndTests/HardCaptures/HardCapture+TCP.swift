import TapCore
import TapTestSupport
import TapWebSocket

extension HardCapture {
    static let tcp = tcpOrder + tcpRepetitions + tcpBeginnings + tcpPorts + tcpEnds + tcpHeaders + tcpChecksums

    /// The whole conversation, to which something was done.
    static func mistreated(
        _ name: String, findings: [FindingID] = [], tsharkDiffers: String? = nil,
        _ mistreat: ([ScriptedSegment]) -> [ScriptedSegment]
    ) -> HardCapture {
        let dialogue = Dialogue.whole()
        return HardCapture(
            .tcp, name, mistreat(dialogue.segments), frames: dialogue.frames, findings: findings,
            tsharkDiffers: tsharkDiffers)
    }
}

/// The places of some segments in ``Dialogue/whole(connection:port:clientISN:)``.
enum WholePlace {
    static let (syn, synAck, request, response) = (0, 1, 3, 5)
    static let (clientText, serverText) = (7, 9)
    /// A message of the client in three segments, and one of the server.
    static let (clientPieces, serverPieces) = (11...13, 19...21)
    static let (clientClose, serverClose, serverFin, clientFin) = (23, 25, 27, 29)
    static let withPayload = [3, 5, 7, 9, 11, 12, 13, 15, 17, 19, 20, 21, 23, 25]
}

extension ScriptedSegment {
    /// A bare segment of the same sender at the same place, with other flags.
    func bare(_ flags: TCPFlags, ahead: Int = 0) -> ScriptedSegment {
        var segment = self
        segment.flags = flags
        segment.payload = []
        segment.capturedLength = 0
        segment.sequenceNumber = sequenceNumber.advanced(by: ahead)
        return segment
    }

    func with(_ change: (inout ScriptedSegment) -> Void) -> ScriptedSegment {
        var segment = self
        change(&segment)
        return segment
    }

    /// The same with other bytes.
    var garbled: ScriptedSegment { with { $0.payload = $0.payload.map { $0 ^ 0x15 } } }
}

extension [ScriptedSegment] {
    /// With another segment behind a place.
    func adding(_ segment: ScriptedSegment, behind place: Int) -> [ScriptedSegment] {
        Array(self[...place]) + [segment] + self[(place + 1)...]
    }

    /// Segments that follow each other as one.
    func joined(_ places: ClosedRange<Int>) -> ScriptedSegment {
        self[places.lowerBound].with {
            $0.payload = self[places].flatMap(\.payload)
            $0.capturedLength = $0.payload.count
        }
    }

    /// With a segment moved to so many places later.
    func moving(_ place: Int, by distance: Int) -> [ScriptedSegment] {
        var segments = self
        let segment = segments.remove(at: place)
        segments.insert(segment, at: Swift.min(place + distance, segments.count))
        return segments
    }

    func without(_ places: Int...) -> [ScriptedSegment] {
        enumerated().filter { !places.contains($0.offset) }.map(\.element)
    }

    func with(_ checksum: ChecksumBytes) -> [ScriptedSegment] { map { $0.with { $0.checksum = checksum } } }

    /// Segments of one byte each.
    var byteByByte: [ScriptedSegment] {
        flatMap { segment in
            segment.payload.isEmpty ? [segment] : segment.payload.indices.map { segment.piece($0..<$0 + 1) }
        }
    }
}
