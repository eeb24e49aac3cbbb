import TapAnalysis
import TapCore
import TapWebSocket

extension FilterSubject {
    /// `nil` where the field is about something else.
    func values(ofEndpoints field: FilterField) -> [FilterValue]? {
        switch field {
        case .ipAddress: addresses(isIPv6: false, both)
        case .ipv6Address: addresses(isIPv6: true, both)
        case .ipSource: addresses(isIPv6: false, source)
        case .ipv6Source: addresses(isIPv6: true, source)
        case .ipDestination: addresses(isIPv6: false, destination)
        case .ipv6Destination: addresses(isIPv6: true, destination)
        case .tcpPort: both.map { .number(Int($0.port)) }
        case .tcpSourcePort: source.map { .number(Int($0.port)) }
        case .tcpDestinationPort: destination.map { .number(Int($0.port)) }
        case .clientAddress: client.map { .address($0.address) }
        case .clientPort: client.map { .number(Int($0.port)) }
        case .serverAddress: server.map { .address($0.address) }
        case .serverPort: server.map { .number(Int($0.port)) }
        case .vlan: networks.compactMap { if case .vlan(let number) = $0 { .number(number) } else { nil } }
        case .vni: networks.compactMap { if case .virtual(let number) = $0 { .number(number) } else { nil } }
        default: nil
        }
    }

    private var client: [Endpoint] {
        if case .connection(let connection) = record { return [connection.client] }
        if case .tls(let unread) = record { return [unread.client] }
        return handshake.map { [$0.client] } ?? []
    }

    private var server: [Endpoint] {
        if case .connection(let connection) = record { return [connection.server] }
        if case .tls(let unread) = record { return [unread.server] }
        return handshake.map { [$0.server] } ?? []
    }

    private var both: [Endpoint] { client + server }

    private var source: [Endpoint] {
        switch sender {
        case .client: client
        case .server: server
        case nil: []
        }
    }

    private var destination: [Endpoint] {
        switch sender {
        case .client: server
        case .server: client
        case nil: []
        }
    }

    private var networks: [NetworkID.Element] { handshake?.network.elements ?? [] }

    private func addresses(isIPv6: Bool, _ endpoints: [Endpoint]) -> [FilterValue] {
        endpoints.filter { $0.address.isIPv6 == isIPv6 }.map { .address($0.address) }
    }
}
