/// What a finding is about: the first word of its name.
public enum FindingFamily: String, Sendable, CaseIterable {
    case request, response, http, handshake, h2, frame, stream, ping, message, application, close, ip, tcp, capture

    /// What belongs to it, as a heading.
    public var title: String {
        switch self {
        case .request: "the upgrade request"
        case .response: "the server's 101"
        case .http: "the form of a head"
        case .handshake: "the handshake as a whole"
        case .h2: "streams of HTTP/2 and HTTP/3"
        case .frame: "frames"
        case .ping: "pings and their pongs"
        case .stream: "the stream of frames"
        case .message: "messages"
        case .application: "what messages say in their subprotocol"
        case .close: "the closing"
        case .ip: "IP below TCP"
        case .tcp: "TCP below"
        case .capture: "the capture: no peer's fault"
        }
    }

    /// Its findings, in the order of the catalogue.
    public var findings: [FindingID] { FindingID.allCases.filter { $0.family == self } }
}

extension FindingID {
    /// The family whose name begins this one's.
    public var family: FindingFamily {
        FindingFamily.allCases.first { rawValue.hasPrefix($0.rawValue + "-") } ?? .capture
    }

    /// Whether it is told of a handshake, rather than of what follows it.
    public var isAboutHandshake: Bool {
        switch family {
        case .request, .response, .handshake: true
        case .http: self != .httpAfterUpgrade
        case .h2: self != .h2FrameInvalid && self != .h2WindowExceeded && self != .h2FlowControlWait
        case .frame, .stream, .ping, .message, .application, .close, .ip, .tcp: false
        case .capture:
            self == .captureMidstream || self == .captureOneSided || self == .captureDuplicated
                || self == .captureHeadCut
        }
    }
}
