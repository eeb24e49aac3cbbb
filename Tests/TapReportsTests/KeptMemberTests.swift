import TapAnalysis
import TapCore
import TapHTTP
import TapRedaction
import TapReports
import TapTestSupport
import TapWebSocket
import Testing

/// What changes a record leaves all of it as it is but what it is to change.
@Suite("Members that are kept")
struct KeptMemberTests {
    private static func network() throws -> NetworkID {
        let (segment, _) = try #require(CapturedPacket(IPv4Bytes(TCPBytes().bytes)).tagged(10, 20).segment)
        return segment.network
    }

    private static func handshake() throws -> Handshake {
        let (client, server) = (Script.client(1), Script.server)
        return Handshake(
            connection: 7, connectionID: Script.id(7), network: try network(), client: client, server: server,
            request: Script.request(),
            response: Script.response(), verdict: .invalid, violations: [Script.wrongAccept, Script.unmasked],
            packet: PacketNumber(9), time: Script.start, confidence: 83,
            proxy: ProxyHeader(
                version: 2,
                addresses: .internet(
                    source: [192, 0, 2, 9], sourcePort: 9, destination: [192, 0, 2, 8], destinationPort: 8)))
    }

    private static func connection() -> Connection {
        var close = ConnectionClose()
        (close.initiator, close.sign, close.isClean, close.endedBy) = (.server, .close, true, .fin)
        (close.idleTime, close.answerTime, close.endedBySender) = (5, 6, .client)
        close.body = CloseBody(Script.closePayload(1_000, "bye"))
        var sent = DirectionStatistics()
        (sent.frames, sent.text) = (3, 2)
        return Connection(
            number: 7, id: Script.id(7), client: Script.client(1), server: Script.server, opened: Script.start,
            closed: Timestamp(nanoseconds: Script.start.nanoseconds + 9), duration: 9, close: close, fromClient: sent,
            fromServer: DirectionStatistics(), clientPings: PingStatistics(), serverPings: PingStatistics())
    }

    /// Each member with its value as text.
    private static func members(_ value: Any) -> [String: String] {
        Dictionary(
            Mirror(reflecting: value).children.compactMap { child in
                child.label.map { ($0, String(reflecting: child.value)) }
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func changed(_ one: Any, _ other: Any) -> Set<String> {
        let (before, after) = (members(one), members(other))
        return Set(before.keys.filter { before[$0] != after[$0] })
    }

    private static func redacted(_ observation: Observation) -> Observation? {
        var observations = Observations()
        observations.append(observation)
        var redaction = Redaction(.payloads)
        redaction.redact(&observations)
        return observations.all.first
    }

    @Test(
        "a handshake loses only the findings that are not wanted",
        arguments: [
            FindingFilter(ignored: [.responseAcceptWrong]), FindingFilter(handshakesOnly: true),
            FindingFilter(ignored: Set(FindingID.allCases)),
        ])
    func filtered(filter: FindingFilter) throws {
        let before = try Self.handshake()
        guard case .handshake(let after)? = filter.filtered(.handshake(before)) else {
            Issue.record("no handshake is left")
            return
        }
        #expect(Self.members(before).count > 10)
        #expect(Self.changed(before, after) == ["violations"])
        #expect(after.network.elements == [.vlan(10), .vlan(20)] && after.proxy != nil)
    }

    @Test("a connection stays as it is")
    func filteredConnection() throws {
        guard
            case .connection(let after)? = FindingFilter(ignored: [.closeMissing]).filtered(
                .connection(Self.connection()))
        else {
            Issue.record("no connection is left")
            return
        }
        #expect(Self.changed(Self.connection(), after) == [])
    }

    @Test("redaction changes only what may hold a secret")
    func redacted() throws {
        let before = try Self.handshake()
        guard case .handshake(let after)? = Self.redacted(.handshake(before)) else {
            Issue.record("no handshake is left")
            return
        }
        #expect(Self.changed(before, after).isSubset(of: ["request", "response", "violations"]))
        guard case .connection(let connection)? = Self.redacted(.connection(Self.connection())) else {
            Issue.record("no connection is left")
            return
        }
        #expect(Self.changed(Self.connection(), connection) == ["close"])
        #expect(Self.changed(Self.connection().close, connection.close) == ["body"])
        #expect(connection.close.body?.reason == "***")
    }
}
