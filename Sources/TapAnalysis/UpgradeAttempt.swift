import TapHTTP
import TapStreams

/// An upgrade request that waits for its response.
struct UpgradeAttempt {
    /// The connection's number, given when the request was seen.
    let connection: Int
    let request: HTTPHead
    let client: Direction
}
