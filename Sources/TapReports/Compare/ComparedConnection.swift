import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

/// A connection, as one capture has it.
struct ComparedConnection: Sendable {
    let number: Int
    let id: ConnectionID
    /// As they may be told.
    let client: Endpoint
    let server: Endpoint
    /// What tells it from others, in any capture of the same traffic.
    let flow: FlowKey
    let stream: UInt64?
    /// The key of the handshake.
    let key: String?
    /// Whether nobody else has it by chance.
    let isKeyRandom: Bool
    let requestTime: Timestamp?
    let responseTime: Timestamp?
    private(set) var fromClient = ComparedDirection()
    private(set) var fromServer = ComparedDirection()
    /// How it ended; `nil` where that was not seen.
    private(set) var close: ConnectionClose?

    /// - Parameter shown: the same as it may be told.
    init(_ handshake: Handshake, shown: Handshake) {
        number = handshake.connection
        id = shown.connectionID
        (client, server) = (shown.client, shown.server)
        flow = FlowKey(handshake.client, handshake.server)
        stream = handshake.stream.map { UInt64($0.number) }
        key = handshake.request?.fields["Sec-WebSocket-Key"].first
        isKeyRandom = handshake.isKeyRandom
        requestTime = handshake.request.flatMap { $0.isWhole ? $0.time : nil }
        responseTime = handshake.response.flatMap { $0.isWhole ? $0.time : nil }
        guard handshake.verdict == .midstream || handshake.verdict == .unverifiable else { return }
        for sender in Sender.allCases { noteHole(from: sender) }
    }

    func from(_ sender: Sender) -> ComparedDirection { sender == .client ? fromClient : fromServer }

    mutating func noteHole(from sender: Sender) {
        change(sender) { $0.noteHole() }
    }

    mutating func note(_ frame: borrowing Frame) {
        switch frame.sender {
        case .client: fromClient.note(frame)
        case .server: fromServer.note(frame)
        }
    }

    /// - Returns: whether it took room.
    mutating func note(_ message: borrowing Message, shown: ArraySlice<UInt8>, isKept: Bool) -> Bool {
        switch message.sender {
        case .client: fromClient.note(message, shown: shown, isKept: isKept)
        case .server: fromServer.note(message, shown: shown, isKept: isKept)
        }
    }

    /// When it began, as far as the capture shows; `nil` where that is not known.
    var begun: Timestamp? { requestTime ?? responseTime }

    /// Whether both may be one: one connection has one key.
    func mayBe(_ other: ComparedConnection) -> Bool {
        flow != other.flow || stream != other.stream || key == nil || other.key == nil || key == other.key
    }

    /// What a peer would have sent after the capture's end nobody knows.
    mutating func end(_ connection: Connection) {
        close = connection.close
        for sender in Sender.allCases
        where !connection.close.whole.contains(sender)
            || !connection.close.endedBy.isEnd && !connection.close.closers.contains(sender)
        { noteHole(from: sender) }
    }

    private mutating func change(_ sender: Sender, _ body: (inout ComparedDirection) -> Void) {
        switch sender {
        case .client: body(&fromClient)
        case .server: body(&fromServer)
        }
    }
}
