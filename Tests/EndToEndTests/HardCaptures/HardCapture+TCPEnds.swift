import TapTestSupport
import TapWebSocket

extension HardCapture {
    /// Ends that are none, and ends that come late.
    static let tcpEnds: [HardCapture] =
        [-1 << 30, -100_000, -10, 100_000, 1 << 24, 1 << 30].flatMap { distance in
            Sender.allCases.map { sender in
                mistreated(
                    "a RST as if from the \(sender.rawValue), \(abs(distance)) bytes \(distance < 0 ? "behind" : "ahead")",
                    findings: [.tcpSegmentIgnored]
                ) {
                    let place = sender == .client ? WholePlace.serverText + 1 : WholePlace.clientText + 1
                    return $0.adding($0[place].bare([.rst], ahead: distance), behind: place)
                }
            }
        }
        + [
            mistreated("a FIN far ahead", findings: [.tcpSegmentIgnored]) {
                $0.adding($0[10].bare([.fin, .ack], ahead: 1 << 28), behind: 10)
            },
            mistreated("a FIN far behind", findings: [.tcpSegmentIgnored]) {
                $0.adding($0[10].bare([.fin, .ack], ahead: -100), behind: 10)
            },
            mistreated("FINs that are sent three times") { segments in
                segments.flatMap { $0.flags.contains(.fin) ? [$0, $0, $0] : [$0] }
            },
            mistreated("bytes beyond the end of both sides") { segments in
                segments
                    + Sender.allCases.map { sender in
                        segments[sender == .client ? WholePlace.clientText : WholePlace.serverText].with {
                            $0.sequenceNumber = segments[
                                sender == .client ? WholePlace.clientFin : WholePlace.serverFin
                            ]
                            .sequenceNumber.advanced(by: 1)
                        }
                    }
            },
            mistreated("a RST of each side after the end") {
                $0 + [$0[WholePlace.clientFin].bare([.rst], ahead: 1), $0[WholePlace.serverFin].bare([.rst], ahead: 1)]
            },
            mistreated("a RST in place of the last FIN") {
                $0.prefix(WholePlace.clientFin) + [$0[WholePlace.clientFin].bare([.rst])]
            },
            mistreated("a segment far ahead that belongs to nobody", findings: [.tcpSegmentIgnored]) {
                $0.adding(
                    $0[WholePlace.clientText].with { $0.sequenceNumber = $0.sequenceNumber.advanced(by: 1 << 29) },
                    behind: WholePlace.clientText)
            },
            mistreated("a segment far behind that belongs to nobody") {
                $0.adding(
                    $0[WholePlace.clientText].with { $0.sequenceNumber = $0.sequenceNumber.advanced(by: -(1 << 29)) },
                    behind: WholePlace.clientText)
            },
            mistreated("an acknowledgment far ahead") {
                $0.adding(
                    $0[8].with { $0.acknowledgmentNumber = $0.acknowledgmentNumber.advanced(by: 1 << 28) }, behind: 8)
            },
        ]
}
