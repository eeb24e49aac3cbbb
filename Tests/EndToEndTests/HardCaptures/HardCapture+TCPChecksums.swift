import TapTestSupport
import TapWebSocket

extension HardCapture {
    /// Of damage in the middle of a payload, opcode, length and masking key tell nothing.
    private static let damagedCopy = "it checks checksums only where it is told to, and takes the damaged copy"

    /// Checksums that tell of damage, and those that tell nothing.
    static let tcpChecksums: [HardCapture] =
        [
            mistreated("right checksums") { $0.with(.right) },
            mistreated("wrong checksums only") { $0.with(.wrong) },
            mistreated("checksums that hold the sum of the pseudo-header only") {
                $0.with(.pseudoHeader(hasLength: true))
            },
            mistreated("checksums that hold the sum of the pseudo-header without a length") {
                $0.with(.pseudoHeader(hasLength: false))
            },
            mistreated("wrong checksums of one side") {
                $0.map { $0.with { $0.checksum = $0.sender == .client ? .wrong : .right } }
            },
            mistreated("right checksums, but for the long segments, which are left open") {
                $0.map { $0.with { $0.checksum = $0.payload.count > 1_000 ? .pseudoHeader(hasLength: true) : .right } }
            },
            mistreated("segments put together by a network card, with the checksum of the first") { segments in
                let pieces = segments[WholePlace.clientPieces]
                let merged = segments[WholePlace.clientPieces.lowerBound].with {
                    $0.payload = pieces.flatMap(\.payload)
                    $0.capturedLength = $0.payload.count
                    $0.checksum = .wrong
                }
                return segments.with(.right).adding(merged, behind: WholePlace.clientPieces.upperBound).without(
                    11, 12, 13)
            },
        ]
        + WholePlace.withPayload.map { place in
            mistreated(
                "a damaged segment with a wrong checksum before the good one, packet \(place + 1)",
                findings: [.tcpChecksumWrong],
                tsharkDiffers: [12, 13, 20, 21].contains(place) ? nil : damagedCopy
            ) {
                let segments = $0.with(.right)
                let damaged = segments[place].garbled.with { $0.checksum = .wrong }
                return segments.adding(damaged, behind: place - 1)
            }
        }
}
