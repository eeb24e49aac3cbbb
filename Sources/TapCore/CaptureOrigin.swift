/// Where a capture comes from that is read from shards.
public struct CaptureOrigin: Sendable {
    /// Where its packets stood in files before they came into shards; absent where it is of none.
    package let places: PacketPlaces?
    public let labels: [CaptureLabel]

    package init(places: PacketPlaces? = nil, labels: [CaptureLabel] = []) {
        self.places = places
        self.labels = labels
    }
}
