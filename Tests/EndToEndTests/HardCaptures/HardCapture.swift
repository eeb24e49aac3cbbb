import TapCore
import TapSecurity
import TapTestSupport
import TapWebSocket
import Testing

/// A capture that is hard to read in one way, and what it must give all the same.
struct HardCapture: Sendable, CustomTestStringConvertible {
    enum Area: String, CaseIterable, Sendable {
        case files = "Capture files"
        case networks = "Link layers, tunnels and fragments"
        case tcp = "TCP"
        case tls = "TLS"
        case http = "HTTP before the upgrade"
        case attacks = "Attacks"
    }

    let area: Area
    /// What is hard about it; reads on from "a capture with" or "a capture of".
    let name: String
    /// The file, byte by byte.
    let file: [UInt8]
    /// The frames that must come, each as one line; see ``Dialogue/line(_:_:from:)``. The order is that of each direction.
    let frames: [String]
    /// The findings that must be told, in any order, and no others.
    let findings: [FindingID]
    /// A part of the error that must be told of the file; `nil` where it must be read to its end.
    let fault: String?
    /// Why a connection of TLS must not be read, or not to its end; `nil` where all is read.
    var unread: TLSUnreadReason?
    /// Why tshark does not give the same frames; `nil` where it does.
    let tsharkDiffers: String?

    init(
        _ area: Area, _ name: String, file: [UInt8], frames: [String], findings: [FindingID] = [],
        fault: String? = nil, tsharkDiffers: String? = nil
    ) {
        self.area = area
        self.name = name
        self.file = file
        self.frames = frames
        self.findings = findings
        self.fault = fault
        self.tsharkDiffers = tsharkDiffers
    }

    /// The packets in a pcapng file, with an interface for each link type.
    init(
        _ area: Area, _ name: String, packets: [CapturedPacket], frames: [String], findings: [FindingID] = [],
        tsharkDiffers: String? = nil
    ) {
        self.init(
            area, name, file: CaptureBuilder.pcapng(packets).bytes, frames: frames, findings: findings,
            tsharkDiffers: tsharkDiffers)
    }

    /// The segments as packets over Ethernet, a millisecond apart.
    init(
        _ area: Area, _ name: String, _ segments: [ScriptedSegment], frames: [String], findings: [FindingID] = [],
        tsharkDiffers: String? = nil
    ) {
        self.init(
            area, name, packets: segments.packets(), frames: frames, findings: findings, tsharkDiffers: tsharkDiffers)
    }

    static let all = files + networks + tcp + tls + http + attacks

    var testDescription: String { "\(area.rawValue): \(name)" }
}
