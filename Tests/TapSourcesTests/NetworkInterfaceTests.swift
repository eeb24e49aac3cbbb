import TapSources
import Testing

@Suite("the network interfaces")
struct NetworkInterfaceTests {
    @Test("have names, flags and addresses with their prefixes")
    func loopback() throws {
        let interfaces = try NetworkInterface.all()
        let loopback = try #require(interfaces.first { $0.name == "lo" })
        #expect(loopback.flags.isSuperset(of: [.loopback, .up, .running]))
        #expect(!loopback.flags.contains(.wireless))
        #expect(loopback.addresses.contains("127.0.0.1/8"))
        #expect(Set(interfaces.map(\.name)).count == interfaces.count)
    }

    @Test("can be captured from exactly where nothing is said against it")
    func obstacle() throws {
        let loopback = try #require(try NetworkInterface.all().first { $0.name == "lo" })
        let obstacle = loopback.captureObstacle()
        let isAllowed = (try? LiveCapture(interface: "lo")) != nil
        #expect((obstacle == nil) == isAllowed)
    }
}
