/// One thing that the analysis has to say.
public enum Observation: Sendable {
    indirect case handshake(Handshake)
    case frame(Frame)
    indirect case message(Message)
    indirect case finding(Finding)
    indirect case connection(Connection)
}
