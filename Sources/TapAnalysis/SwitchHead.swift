import TapHTTP

/// What the capture shows of one of the two heads that lead to WebSocket.
struct SwitchHead {
    /// `nil` where not even its first line was captured.
    let head: HTTPHead?
    /// What was captured of it and what is missing, where it is not whole and that is known.
    let gap: HTTPHeadGap?
    /// Whether its last byte was captured, so that the next one begins a frame.
    let isEndKnown: Bool
    /// Whether it speaks of WebSocket, as far as it was captured.
    let namesWebSocket: Bool

    /// Nothing of it is in the capture.
    static let absent = SwitchHead(head: nil, gap: nil, isEndKnown: false, namesWebSocket: false)

    private init(head: HTTPHead?, gap: HTTPHeadGap?, isEndKnown: Bool, namesWebSocket: Bool) {
        self.head = head
        self.gap = gap
        self.isEndKnown = isEndKnown
        self.namesWebSocket = namesWebSocket
    }

    /// A whole head, of a request or response that switches to WebSocket.
    init(_ head: HTTPHead) { self.init(head: head, gap: nil, isEndKnown: true, namesWebSocket: true) }

    init(_ part: HTTPHeadPart, isEndKnown: Bool) {
        self.init(head: part.head, gap: part.gap, isEndKnown: isEndKnown, namesWebSocket: part.namesWebSocket)
    }

    /// Whether every byte of it was captured.
    var isWhole: Bool { head?.isWhole ?? false }

    /// Whether not one byte of it was captured.
    var isAbsent: Bool { head == nil && (gap?.captured ?? 0) == 0 }

    /// The status, where it is a response.
    var status: Int? { head?.status }

    /// More missing bytes than this are more than a head's, and end anywhere.
    private static let mostOfHead: UInt64 = 1_200

    /// Where frames begin after it.
    func frameStart(_ name: String) -> FrameStart {
        if isEndKnown { return .certain }
        let reason = isAbsent ? "the \(name) was not captured" : "the end of the \(name) was not captured"
        return .unknown(reason, isLikely: gap.map { $0.missing <= SwitchHead.mostOfHead } ?? true)
    }
}

/// Whether the first byte that a tunnel gets of a peer begins a frame.
enum FrameStart {
    case certain
    /// Frames are looked for, and why that is; whether one is likely to begin at once.
    case unknown(String, isLikely: Bool)
}
