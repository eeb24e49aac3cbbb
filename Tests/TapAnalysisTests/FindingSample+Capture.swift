import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket

extension FindingSample {
    static let captures: [FindingSample] = [
        refused, unanswered, earlyData, strayBytes, secondAnswer, reusedKey, impossibleLength, midstream, oneSided,
        cutHead, hole, cutShort, lostSync, outOfStep, limit, conflictingOverlap, wrongChecksum, ignoredSegment,
        conflictingFragments, duplicated, closedWindow,
    ]

    private static var conflictingOverlap: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(text: "hello", from: .server)
        var copy = conversation.segments[Conversation.upgradedPackets]
        copy.payload[3] ^= 0x20
        conversation.segments.append(copy)
        return FindingSample("a text that comes again", [place(.tcpConflictingOverlap, .server)], conversation)
    }

    private static var conflictingFragments: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(text: "a text of some length", from: .client)
        var packets = conversation.segments.packets(.raw)
        let parts = packets[Conversation.upgradedPackets].inFragments(of: 2)
        var changed = parts[1]
        changed.bytes[changed.bytes.count - 1] ^= 0x20
        packets.replaceSubrange(
            Conversation.upgradedPackets...Conversation.upgradedPackets, with: [parts[0], parts[1], changed, parts[2]])
        var sample = FindingSample("a fragment twice", [place(.ipConflictingOverlap, .client)], conversation)
        sample.packets = packets
        return sample
    }

    private static var duplicated: FindingSample {
        let conversation = Conversation.upgraded()
        var sample = FindingSample("each packet untagged and in a VLAN", [place(.captureDuplicated)], conversation)
        sample.packets = conversation.segments.packets().flatMap { [$0, $0.tagged(10).with(delay: 20_000)] }
        return sample
    }

    private static var closedWindow: FindingSample {
        FindingSample(
            "a server that reads nothing for a while", [place(.tcpWindowZero, .server)], conversation(closedFor: 3_900))
    }

    /// A server whose window is closed for so many milliseconds, while its client asks twice whether it still is.
    static func conversation(closedFor time: Int64) -> Conversation {
        var conversation = Conversation.upgraded()
        for index in conversation.segments.indices {
            conversation.segments[index].nanoseconds = Int64(index) * 1_000_000
        }
        func add(_ sender: Sender, at milliseconds: Int64, window: UInt16 = .max, back: Int = 0) {
            conversation.acknowledge(from: sender)
            let last = conversation.segments.count - 1
            conversation.segments[last].window = window
            conversation.segments[last].sequenceNumber = conversation.segments[last].sequenceNumber.advanced(by: -back)
            conversation.segments[last].nanoseconds = (100 + milliseconds) * 1_000_000
        }
        conversation.send(text: "more than there is room for", from: .client)
        for index in conversation.segments.indices.suffix(2) { conversation.segments[index].nanoseconds = 99_000_000 }
        add(.server, at: 0, window: 0)
        for probe in [time / 4, time / 2] {
            add(.client, at: probe, back: 1)
            add(.server, at: probe, window: 0)
        }
        add(.server, at: time)
        conversation.close(by: .client)
        for index in conversation.segments.indices where conversation.segments[index].nanoseconds == nil {
            conversation.segments[index].nanoseconds = (101 + time + Int64(index)) * 1_000_000
        }
        return conversation
    }

    private static var wrongChecksum: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(text: "hello", from: .server)
        for index in conversation.segments.indices { conversation.segments[index].checksum = .right }
        var damaged = conversation.segments[Conversation.upgradedPackets]
        damaged.payload[3] ^= 0x20
        damaged.checksum = .wrong
        conversation.segments.insert(damaged, at: Conversation.upgradedPackets)
        return FindingSample("a damaged text before the good one", [place(.tcpChecksumWrong, .server)], conversation)
    }

    private static var ignoredSegment: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(text: "hello", from: .server)
        var forged = conversation
        forged.reset(from: .server)
        conversation.segments.append(forged.segments[forged.segments.count - 1])
        conversation.send(text: "still here", from: .server)
        return FindingSample(
            "a RST after which the server goes on", [place(.tcpSegmentIgnored, .server)], conversation)
    }

    private static var refused: FindingSample {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", from: .server)
        return FindingSample("the server answers 403", [place(.handshakeRefused, .server)], conversation)
    }

    private static var unanswered: FindingSample {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.finish()
        return FindingSample("the server ends without an answer", [place(.handshakeUnanswered)], conversation)
    }

    private static var earlyData: FindingSample {
        var conversation = Conversation.opened
        let early = FrameBytes(text: "early").sent(by: .client)
        conversation.send(HandshakeBytes().request.bytes + early.bytes, from: .client)
        conversation.send(HandshakeBytes().response.bytes, from: .server)
        return FindingSample("a frame in the request's segment", [place(.handshakeDataEarly, .client)], conversation)
    }

    private static var strayBytes: FindingSample {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(FrameBytes(.pong).bytes + HandshakeBytes().response.bytes, from: .server)
        return FindingSample("a pong before the 101", [place(.responseDataEarly, .server)], conversation)
    }

    private static var secondAnswer: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", from: .server)
        return FindingSample("a 400 after the 101", [place(.httpAfterUpgrade, .server)], conversation)
    }

    private static var reusedKey: FindingSample {
        var conversation = Conversation.upgraded()
        var other = Conversation(client: Endpoint("192.0.2.1", 49_153))
        other.handshake()
        other.send(HandshakeBytes().request.bytes, from: .client)
        other.send(HandshakeBytes().response.bytes, from: .server)
        conversation.segments += other.segments
        return FindingSample("two connections with one key", [place(.requestKeyReused, .client)], conversation)
    }

    private static var impossibleLength: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary).with { $0.statedLength = 1 << 63 }, from: .server)
        conversation.send(text: "fine", from: .client)
        return FindingSample(
            "a length of 2⁶³", [place(.frameLengthImpossible, .server), place(.captureSyncLost, .server)], conversation)
    }

    private static var midstream: FindingSample {
        var conversation = Conversation()
        for text in ["one", "two"] {
            for sender in Sender.allCases { conversation.send(text: text, from: sender) }
        }
        return FindingSample("frames without a handshake", [place(.captureMidstream)], conversation)
    }

    private static var oneSided: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(text: "hello", from: .client)
        conversation.segments.removeAll { $0.sender == .server }
        return FindingSample("only what the client sent", [place(.captureOneSided)], conversation)
    }

    private static var cutHead: FindingSample {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(Array(HandshakeBytes().response.bytes.prefix(40)), from: .server)
        return FindingSample("the capture ends in the 101", [place(.captureHeadCut, .server)], conversation)
    }

    private static var cutShort: FindingSample {
        var conversation = Conversation.upgraded()
        for _ in 0..<3 { conversation.send(FrameBytes(.binary, [UInt8](repeating: 7, count: 100)), from: .server) }
        let segments = conversation.segments
        conversation.segments =
            segments.prefix(Conversation.upgradedPackets)
            + Array(
                segments.dropFirst(Conversation.upgradedPackets)
            ).cut(to: 60)
        return FindingSample("60 bytes of each packet", [place(.captureSnaplen, .server)], conversation)
    }

    private static var hole: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, [UInt8](repeating: 7, count: 300)), from: .server, segmentSize: 100)
        conversation.segments.remove(at: Conversation.upgradedPackets + 1)
        return FindingSample("100 bytes of a payload", [place(.captureBytesMissing, .server)], conversation)
    }

    private static var lostSync: FindingSample {
        var conversation = Conversation.upgraded()
        for text in ["one", "two", "three"] { conversation.send(text: text, from: .client) }
        conversation.segments.remove(at: Conversation.upgradedPackets + 2)
        return FindingSample(
            "a whole frame", [place(.captureBytesMissing, .client), place(.captureSyncLost, .client)], conversation)
    }

    private static var outOfStep: FindingSample {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary).with { $0.statedLength = 30 }.header, from: .server)
        conversation.send(SeededGenerator.bytes(900, seed: 4), from: .server)
        return FindingSample(
            "a header, and then anything", [place(.streamOutOfStep, .server), place(.captureSyncLost, .server)],
            conversation)
    }

    private static var limit: FindingSample {
        var sample = hole
        sample.options.streams.heldBytesPerDirection = 50
        return FindingSample(
            "more behind a hole than may be held",
            [place(.captureBytesMissing, .server), place(.captureLimitReached, .server)], sample.conversation,
            sample.options)
    }
}
