import TapPackets
import TapStreams

/// What is made of one flow. The parts that need more memory lie elsewhere, at a place that the case names.
enum Conversation {
    /// Nothing was received yet.
    case silent(FlowIdentity, isStartKnown: Bool)
    case http(place: Int)
    case tunnel(place: Int, client: Direction)
    case ignored
}
