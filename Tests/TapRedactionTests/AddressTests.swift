import TapAnalysis
import TapCore
import TapHTTP
import TapRedaction
import TapTestSupport
import TapWebSocket
import Testing

/// Other addresses in place of those of a capture.
@Suite("Addresses")
struct AddressTests {
    private static var options: Redaction.Options {
        var options = Redaction.Options()
        options.hidesAddresses = true
        return options
    }

    /// The handshakes of conversations from some clients, after one redaction.
    private func clients(_ texts: [String]) -> [IPAddress] {
        var redaction = Redaction(Self.options)
        return texts.compactMap { text in
            var conversation = Conversation(client: Endpoint(text, 49_152), server: Endpoint(text, 80))
            conversation.upgrade()
            var observations = PlaceTests.observations(conversation)
            redaction.redact(&observations)
            guard case .handshake(let handshake)? = observations.all.first else { return nil }
            return handshake.client.address
        }
    }

    /// How many bits two addresses begin with that are the same.
    private func common(_ one: IPAddress, _ other: IPAddress) -> Int {
        let bits = zip(one.bytes, other.bytes).map { $0 ^ $1 }
        let whole = bits.prefix { $0 == 0 }.count
        return whole * 8 + (whole < bits.count ? bits[whole].leadingZeroBitCount : 0)
    }

    @Test(
        "as many first bits are the same as before",
        arguments: [
            ["10.1.2.3", "10.1.2.4", "10.1.99.1", "10.200.0.1", "192.0.2.1"],
            ["2001:db8::1", "2001:db8::2", "2001:db8:1::1", "fe80::1"],
        ])
    func prefixes(texts: [String]) {
        let before = texts.map { Endpoint($0, 1).address }
        let after = clients(texts)
        #expect(after.count == texts.count && after != before)
        for one in texts.indices {
            for other in texts.indices {
                #expect(common(before[one], before[other]) == common(after[one], after[other]))
            }
        }
    }

    @Test("one address is the same throughout a run, and another one in the next")
    func runs() {
        let run = clients(["10.1.2.3", "10.1.2.4", "10.1.2.3"])
        #expect(run[0] == run[2] && run[0] != run[1])
        #expect(clients(["10.1.2.3"]) != clients(["10.1.2.3"]) || clients(["10.1.2.3"]) != [run[0]])
    }

    @Test("they are nowhere in heads, payloads and findings, nor guessed by the name of a connection")
    func everywhere() {
        var handshake = HandshakeBytes(target: "/chat?peer=192.0.2.77")
        handshake.request.set("Host", to: "192.0.2.77:8080")
        handshake.request.add("X-Forwarded-For", "192.0.2.77, 2001:db8::77")
        handshake.request.add("User-Agent", "Chrome/120.0.0.0")
        var conversation = Conversation.upgraded(handshake)
        conversation.send(text: "candidate:1 1 udp 2122 192.0.2.77 54321 typ host at 12:30:45", from: .client)
        conversation.send(text: #"{"sdp":"v=0\r\nc=IN IP6 2001:db8::77\r\nip:192.0.2.77"}"#, from: .server)
        let before = PlaceTests.observations(conversation)
        let after = PlaceTests.redacted(conversation, Self.options)
        for address in ["192.0.2.77", "2001:db8::77", "192.0.2.1", "198.51.100.2"] {
            #expect(PlaceTests.holds(before, address))
            #expect(!PlaceTests.holds(after, address), "\(address)")
        }
        for text in ["Chrome/120.0.0.0", "12:30:45", "54321", ":8080", "dGhlIHNhbXBsZSBub25jZQ=="] {
            #expect(PlaceTests.holds(after, text), "\(text)")
        }
        let ids = { (observations: Observations) in
            observations.all.compactMap { observation -> ConnectionID? in
                guard case .frame(let frame) = observation else { return nil }
                return frame.connectionID
            }
        }
        #expect(Set(ids(before)).count == 1 && Set(ids(after)).count == 1 && ids(before) != ids(after))
    }
}
