/// A fixed number of connections that open one after the other and stay open until the capture is long enough.
struct ConnectionSet<Traffic: WebSocketTraffic> {
    /// How many bytes a connection takes to close.
    private static var closingSize: Int { 600 }

    private let limit: Int
    private let firstNumber: Int
    private let compresses: Bool
    private let makeTraffic: () -> Traffic
    private var connections: [WebSocketConnection<Traffic>] = []

    /// How many bytes it takes to close all connections.
    var closingSize: Int { connections.count * Self.closingSize }

    init(limit: Int, firstNumber: Int = 0, compresses: Bool = false, makeTraffic: @escaping () -> Traffic) {
        self.limit = limit
        self.firstNumber = firstNumber
        self.compresses = compresses
        self.makeTraffic = makeTraffic
    }

    /// Lets one connection send a little, or opens one more.
    mutating func step(in wire: inout Wire) {
        if connections.count < limit, connections.isEmpty || wire.random.chance(percent: 10) {
            let connection = WebSocketConnection(
                number: firstNumber + connections.count, compresses: compresses, traffic: makeTraffic(), in: &wire)
            connections.append(connection)
        }
        connections.stepAny(in: &wire)
    }

    /// Closes all connections.
    mutating func finish(in wire: inout Wire) {
        for index in connections.indices { connections[index].finish() }
        connections.stepUntilFinished(in: &wire)
    }
}
