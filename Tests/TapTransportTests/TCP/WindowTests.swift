import TapTestSupport
import TapWebSocket
import Testing

/// What lies too far ahead for the receiver to look at it.
@Suite("Windows")
struct WindowTests {
    /// An open connection whose windows are scaled by so many bits, or not at all.
    private func opened(scale: UInt8?) -> Conversation {
        var conversation = Conversation.opened
        for index in conversation.segments.indices { conversation.segments[index].windowScale = scale }
        conversation.clientBytes("abcd", at: 0)
        return conversation
    }

    struct Reset: CustomTestStringConvertible, Sendable {
        let scale: UInt8?
        let offset: Int
        let ends: Bool

        var testDescription: String { "a RST \(offset) bytes ahead, scale \(scale.map(String.init) ?? "none")" }
    }

    @Test(
        "a RST ends the connection inside the window only",
        arguments: [
            Reset(scale: nil, offset: 0, ends: true), Reset(scale: nil, offset: 1, ends: true),
            Reset(scale: nil, offset: 65_535, ends: true), Reset(scale: nil, offset: 65_536, ends: false),
            Reset(scale: nil, offset: 1 << 20, ends: false), Reset(scale: 7, offset: 1 << 20, ends: true),
            Reset(scale: 7, offset: 8_388_480, ends: true), Reset(scale: 7, offset: 8_388_481, ends: false),
            Reset(scale: 0, offset: 65_536, ends: false), Reset(scale: 14, offset: 1 << 29, ends: true),
            Reset(scale: 255, offset: 1 << 30, ends: false), Reset(scale: 7, offset: 0x7FFF_0000, ends: false),
            Reset(scale: 7, offset: -2, ends: false), Reset(scale: 7, offset: -0x7FFF_0000, ends: false),
        ])
    func reset(row: Reset) throws {
        var conversation = opened(scale: row.scale)
        conversation.clientBytes("", at: 4 + row.offset, flags: [.rst])
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.end == (row.ends ? .reset : .captureEnd) && flow.client.text == "abcd")
        #expect(flow.client.missed == (row.ends ? row.offset : 0) && flow.client.ignored.count == (row.ends ? 0 : 1))
        // Whose sender goes on did not send it.
        conversation.clientBytes("efgh", at: 4)
        conversation.clientBytes("ijkl", at: 8)
        let other = try #require(follow(conversation.segments).flows.first)
        #expect(other.end == .captureEnd && other.client.text == "abcdefghijkl" && other.client.gaps == [])
        #expect(other.client.ignored.count == 1)
    }

    @Test("a RST after bytes that were lost ends the connection, as far as they were acknowledged or held")
    func resetAfterLoss() throws {
        for isAcknowledged in [false, true] {
            var conversation = opened(scale: nil)
            for offset in stride(from: 60_000, through: 600_000, by: 60_000) {
                if isAcknowledged {
                    conversation.serverAcknowledges(upTo: offset)
                } else {
                    conversation.clientBytes("x", at: offset)
                }
            }
            conversation.clientBytes("", at: 650_000, flags: [.rst])
            #expect(follow(conversation.segments).flows.map(\.end) == [.reset])
        }
    }

    @Test("where one side is captured only, any place is possible")
    func oneSided() throws {
        let client = opened(scale: nil).segments.filter { $0.sender == .client }
        var conversation = Conversation.opened
        conversation.segments = client
        conversation.clientBytes("far", at: 100_000_000)
        conversation.clientBytes("", at: 100_000_003, flags: [.rst])
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdfar" && flow.end == .reset)
    }

    @Test("bytes and a FIN beyond the window are not believed, and what they acknowledge is not either")
    func beyond() throws {
        var conversation = opened(scale: nil)
        conversation.clientBytes("old", at: 1 << 28)
        conversation.clientBytes("", at: 1 << 29, flags: [.fin, .ack])
        conversation.serverAcknowledges(upTo: 1 << 27, times: 100)
        conversation.clientBytes("efgh", at: 4)
        conversation.finish()
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdefgh" && flow.client.missed == 0)
    }

    @Test("where more than a window was lost, the stream goes on with what follows itself")
    func jump() throws {
        var conversation = opened(scale: nil)
        for index in 0..<40 {
            conversation.clientBytes("line \(10 + index);", at: 1_000_000 + index * 8)
            conversation.serverAcknowledges(upTo: 1_000_008 + index * 8)
        }
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcd" + (1..<40).map { "line \(10 + $0);" }.joined())
        #expect(flow.client.gaps == [.init(1_000_004, .end, at: 4)])
    }

    @Test("where the SYN of a side is missing, its first segments may come in any order", arguments: Sender.allCases)
    func withoutSYN(sender: Sender) throws {
        var conversation = Conversation.opened
        if sender == .server { conversation.send("request", from: .client) }
        for text in ["one ", "two ", "three"] {
            conversation.send(Array(text.utf8), from: sender, isAcknowledged: false)
        }
        conversation.acknowledge(from: sender.peer)
        var segments = conversation.segments
        let first = segments.count - 4
        segments.swapAt(first, first + 1)
        segments.remove(at: sender == .client ? 0 : 1)
        if sender == .client { segments.remove(at: 1) }
        let flow = try #require(follow(segments).flows.first)
        let stream = sender == .client ? flow.client : flow.server
        #expect(stream.text == "one two three" && stream.gaps == [])
    }
}
