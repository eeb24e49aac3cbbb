import TapCore
import TapHTTP

/// An upgrade request that waits for its response.
struct UpgradeAttempt {
    /// Given when the request was seen.
    let connection: ConnectionName
    let request: HTTPHead
    /// What it costs to keep the request.
    let cost: Int

    init(connection: ConnectionName, request: HTTPHead) {
        self.connection = connection
        self.request = request
        cost = request.cost
    }
}

/// How a connection is called.
struct ConnectionName: Sendable {
    /// What people see, counted from 1 in the order in which handshakes are seen.
    let number: Int
    let id: ConnectionID
}
