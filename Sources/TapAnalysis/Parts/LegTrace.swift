/// What was said so far on a connection whose frames are not at hand.
struct LegTrace: Codable {
    var connection: Int
    let fromClient: MessageTrace
    let fromServer: MessageTrace
    let masks: MaskTrace
    /// How many observations stand before it.
    var place: Int
}
