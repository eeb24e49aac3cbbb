/// Which flows there are beside WebSocket connections, and how many of each.
struct FlowMix {
    /// What a flow carries; a range says how long its bodies or datagrams are.
    enum Kind {
        case web(ClosedRange<Int>)
        case encrypted
        case database
        case tunnel
        case quic(ClosedRange<Int>)
        case names
        case media

        /// Whether a flow goes on until it is told to end.
        var lasts: Bool {
            switch self {
            case .web, .encrypted, .database, .tunnel, .quic, .media: true
            case .names: false
            }
        }
    }

    private let shares: [(kind: Kind, parts: Int)]
    let allParts: Int
    /// How many of all parts are flows that go on until they are told to end.
    let lastingParts: Int

    init(_ shares: [(kind: Kind, parts: Int)]) {
        self.shares = shares
        allParts = shares.reduce(0) { $0 + $1.parts }
        lastingParts = shares.reduce(0) { $0 + ($1.kind.lasts ? $1.parts : 0) }
    }

    /// A conversation of a kind chosen by chance.
    func makeConversation(number: Int, random: inout RandomSource) -> any NoiseConversation {
        switch chooseKind(random: &random) {
        case .web(let lengths): WebConversation(number: number, bodyLengths: lengths, random: &random)
        case .encrypted: EncryptedConversation(number: number, random: &random)
        case .database: DatabaseConversation(number: number, random: &random)
        case .tunnel: TunnelConversation(number: number)
        case .quic(let lengths): QUICConversation(number: number, datagramLengths: lengths, random: &random)
        case .names: NameConversation(number: number, random: &random)
        case .media: MediaConversation(number: number, random: &random)
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
