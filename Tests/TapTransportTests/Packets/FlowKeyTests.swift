import TapCore
import TapTestSupport
import Testing

@Suite("Flow keys")
struct FlowKeyTests {
    @Test("both directions have the same key and the same hash, the lower endpoint first")
    func symmetry() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<5_000 {
            let (one, other) = (randomEndpoint(&generator), randomEndpoint(&generator))
            let seed = generator.next()
            let key = FlowKey(one, other)
            #expect(key == FlowKey(other, one))
            #expect(key.hash(seed: seed) == FlowKey(other, one).hash(seed: seed))
            #expect(!(key.second < key.first))
            #expect(Set([key.first, key.second]) == Set([one, other]))
        }
    }

    @Test("hashes differ where keys do, and with the seed")
    func difference() {
        var generator = SeededGenerator(seed: 2)
        var hashes: Set<UInt64> = []
        for port in UInt16(1)...2_000 {
            let key = FlowKey(Endpoint("10.0.0.1", port), Endpoint("10.0.0.2", 80))
            hashes.insert(key.hash(seed: 1))
            hashes.insert(key.hash(seed: generator.next()))
        }
        #expect(hashes.count == 4_000)
    }

    @Test("a port cannot cancel what an address changes, whatever the seed")
    func cancellation() {
        let server = Endpoint("2001:db8:ffff::1", 80)
        var hashes: Set<UInt64> = []
        for subnet in UInt16(0)..<2_000 {
            let client = IPAddress(ipv6: 0x2001_0DB8_0000_0000 | UInt64(subnet), 1)
            hashes.insert(FlowKey(Endpoint(address: client, port: subnet), server).hash(seed: 0x1234_5678))
        }
        #expect(hashes.count == 2_000)
    }

    @Test("flows between ports of one endpoint are told apart")
    func samePorts() {
        let (low, high) = (Endpoint("10.0.0.1", 1), Endpoint("10.0.0.1", 2))
        #expect(FlowKey(high, low).first == low)
        #expect(FlowKey(low, low) != FlowKey(low, high))
    }

    private func randomEndpoint(_ generator: inout SeededGenerator) -> Endpoint {
        let address =
            generator.oneIn(2)
            ? IPAddress(ipv4: UInt32.random(in: 0...3, using: &generator))
            : IPAddress(ipv6: UInt64.random(in: 0...1, using: &generator), generator.next())
        return Endpoint(address: address, port: UInt16.random(in: 0...3, using: &generator))
    }
}
