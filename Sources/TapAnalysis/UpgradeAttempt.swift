import TapHTTP

/// An upgrade request that waits for its response.
struct UpgradeAttempt {
    /// The connection's number, given when the request was seen.
    let connection: Int
    let request: HTTPHead
    /// What it costs to keep the request.
    let cost: Int

    init(connection: Int, request: HTTPHead) {
        self.connection = connection
        self.request = request
        cost = request.cost
    }
}
