/// A flow without WebSocket frames, which ends when it has used so many bytes of the capture.
struct NoiseFlow: Conversation {
    private enum Kind {
        case web(WebConversation)
        case encrypted(EncryptedConversation)
        case tunnel(TunnelConversation)
    }

    private(set) var budget: Int
    private var kind: Kind

    var isFinished: Bool {
        switch kind {
        case .web(let conversation): conversation.isFinished
        case .encrypted(let conversation): conversation.isFinished
        case .tunnel(let conversation): conversation.isFinished
        }
    }

    init(number: Int, budget: Int, random: inout RandomSource) {
        self.budget = budget
        kind =
            switch random.next(below: 10) {
            case ..<2: .web(WebConversation(number: number, random: &random))
            case ..<4: .tunnel(TunnelConversation(number: number))
            default: .encrypted(EncryptedConversation(number: number, random: &random))
            }
    }

    mutating func step(in wire: inout Wire) {
        let size = wire.file.size
        let isSpent = budget <= 0
        switch kind {
        case .web(var conversation):
            if isSpent { conversation.finish() }
            conversation.step(in: &wire)
            kind = .web(conversation)
        case .encrypted(var conversation):
            if isSpent { conversation.finish() }
            conversation.step(in: &wire)
            kind = .encrypted(conversation)
        case .tunnel(var conversation):
            if isSpent { conversation.finish() }
            conversation.step(in: &wire)
            kind = .tunnel(conversation)
        }
        budget -= wire.file.size - size
    }
}
