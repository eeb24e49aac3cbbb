import TapTestSupport
import TapWebSocket

/// What makes a connection hard to follow. Captures that are made up must have each.
enum DialogueTrait: CaseIterable {
    case closedByClient, closedByServer, closedByBoth, reset, open, manyFrames, emptyFrame, longFrame, tinySegment
    case longSegment, controlBetweenFragments, takeover, noTakeover, zeros, earlyData, proxyHeader, refusal, ipv6
}

extension RandomDialogue {
    var traits: Set<DialogueTrait> {
        let all = Sender.allCases.flatMap { frames(from: $0).map(\.facts) }
        let lengths = segments.map(\.payload.count)
        let clean = faults.isEmpty && all.contains { $0.opcode == .close }
        let facts: [(DialogueTrait, Bool)] = [
            (.closedByClient, clean && closer == .client), (.closedByServer, clean && closer == .server),
            (.closedByBoth, clean && closer == nil), (.reset, segments.contains { $0.flags.contains(.rst) }),
            (.open, segments.allSatisfy { $0.flags.isDisjoint(with: [.fin, .rst]) }),
            (.manyFrames, all.count > 100), (.emptyFrame, all.contains { $0.length == 0 }),
            (.longFrame, all.contains { $0.length > 0xFFFF }), (.tinySegment, lengths.contains(1)),
            (.longSegment, lengths.contains { $0 > 30_000 }),
            (.controlBetweenFragments, Sender.allCases.contains(where: hasControlBetweenFragments)),
            (.takeover, extensions == ""), (.noTakeover, extensions?.contains("no_context_takeover") ?? false),
            (.zeros, all.contains { $0.length > 100 && $0.payload.allSatisfy { $0 == 0 } }),
            (.earlyData, faults.contains { $0.id == .handshakeDataEarly }), (.proxyHeader, hasProxyHeader),
            (.refusal, refusals > 0), (.ipv6, conversation.client.address.isIPv6),
        ]
        return Set(facts.filter(\.1).map(\.0))
    }

    private func hasControlBetweenFragments(_ sender: Sender) -> Bool {
        let sent = frames(from: sender).map(\.facts)
        return zip(sent, sent.dropFirst()).contains { !$0.isFinal && $1.opcode.isControl }
    }
}
