import TapHTTP
import TapStreams

/// A connection that leaves HTTP for WebSocket, with the bytes that came too early to be understood.
struct Upgrade {
    let connection: Int
    let request: HTTPHead?
    let response: HTTPHead?
    let client: Direction
    let held: HeldBytes
}
