import TapAnalysis

/// What was exchanged by connections that have something in common. Bytes are payload on the wire.
struct Traffic: Equatable, Sendable, Codable {
    var handshakes: UInt64 = 0
    /// Handshakes that opened nothing.
    var refused: UInt64 = 0
    /// Handshakes that opened a connection and are wrong.
    var invalid: UInt64 = 0
    var messages: UInt64 = 0
    var bytesFromClient: UInt64 = 0
    var bytesFromServer: UInt64 = 0

    var bytes: UInt64 { bytesFromClient &+ bytesFromServer }

    mutating func add(_ handshake: Handshake) {
        handshakes += 1
        if !handshake.opensConnection { refused += 1 }
        if handshake.verdict == .invalid { invalid += 1 }
    }

    mutating func merge(_ more: Traffic) {
        handshakes &+= more.handshakes
        refused &+= more.refused
        invalid &+= more.invalid
        messages &+= more.messages
        bytesFromClient &+= more.bytesFromClient
        bytesFromServer &+= more.bytesFromServer
    }

    mutating func add(_ connection: Connection) {
        messages &+= connection.fromClient.messages &+ connection.fromServer.messages
        bytesFromClient &+= connection.fromClient.payloadBytes
        bytesFromServer &+= connection.fromServer.payloadBytes
    }
}
