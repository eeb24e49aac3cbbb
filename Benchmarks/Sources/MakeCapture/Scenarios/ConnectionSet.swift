/// A fixed number of connections that open one after the other and stay open until the capture is long enough.
struct ConnectionSet<Traffic: WebSocketTraffic> {
    /// How many bytes a connection takes to close.
    private static var closingSize: Int { 600 }

    private let limit: Int
    private let compresses: Bool
    private let makeTraffic: (Int) -> Traffic
    private var connections: [WebSocketConnection<Traffic>] = []

    /// How many bytes it takes to close all connections.
    var closingSize: Int { connections.count * Self.closingSize }

    /// - Parameter makeTraffic: what the connection of a number sends.
    init(limit: Int, compresses: Bool = false, makeTraffic: @escaping (Int) -> Traffic) {
        self.limit = limit
        self.compresses = compresses
        self.makeTraffic = makeTraffic
    }

    /// Lets one connection send a little, or opens one more.
    mutating func step(in wire: inout Wire) {
        if connections.count < limit, connections.isEmpty || wire.random.chance(percent: 10) {
            let number = connections.count
            let connection = WebSocketConnection(
                number: number, compresses: compresses, traffic: makeTraffic(number), in: &wire)
            connections.append(connection)
        }
        connections.stepAny(in: &wire)
    }

    /// Goes on until each connection has been opened.
    mutating func openAll(in wire: inout Wire) {
        while connections.count < limit { step(in: &wire) }
    }

    /// Closes all connections.
    mutating func finish(in wire: inout Wire) {
        for index in connections.indices { connections[index].finish() }
        connections.stepUntilFinished(in: &wire)
    }
}
