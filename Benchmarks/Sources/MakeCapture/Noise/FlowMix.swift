/// Which flows there are beside WebSocket connections, and how many of each.
struct FlowMix {
    /// What a flow carries; a range says how long its bodies are.
    enum Kind {
        case web(ClosedRange<Int>)
        case encrypted
        case tunnel
    }

    private let shares: [(kind: Kind, parts: Int)]
    private let allParts: Int

    init(_ shares: [(kind: Kind, parts: Int)]) {
        self.shares = shares
        allParts = shares.reduce(0) { $0 + $1.parts }
    }

    /// A conversation of a kind chosen by chance.
    func makeConversation(number: Int, random: inout RandomSource) -> any NoiseConversation {
        switch chooseKind(random: &random) {
        case .web(let lengths): WebConversation(number: number, bodyLengths: lengths, random: &random)
        case .encrypted: EncryptedConversation(number: number, random: &random)
        case .tunnel: TunnelConversation(number: number)
        }
    }

    private func chooseKind(random: inout RandomSource) -> Kind {
        var part = random.next(below: allParts)
        for share in shares.dropLast() {
            if part < share.parts { return share.kind }
            part -= share.parts
        }
        return shares[shares.count - 1].kind
    }
}
