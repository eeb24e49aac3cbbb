/// Where a capture comes from: from shards, or from several interfaces.
public struct CaptureOrigin: Sendable {
    /// Where its packets stood in files before they came into shards; absent where it is of none.
    package let places: PacketPlaces?
    public let labels: [CaptureLabel]
    /// Which shards they are; absent where it is of none.
    package let shards: ShardSet?
    /// Which interfaces its packets passed; absent where it is of one, or of none.
    package let interfaces: PacketInterfaces?

    package init(
        places: PacketPlaces? = nil, labels: [CaptureLabel] = [], shards: ShardSet? = nil,
        interfaces: PacketInterfaces? = nil
    ) {
        self.places = places
        self.labels = labels
        self.shards = shards
        self.interfaces = interfaces
    }

    /// Whether there is anything to say of it.
    package var isKnown: Bool { places != nil || !labels.isEmpty || interfaces != nil }
}

/// Some of the shards that a capture was divided into.
package struct ShardSet: Equatable, Sendable, Codable {
    /// The same for all shards that one run of the program has made.
    package let run: UInt64
    /// Their numbers, from 0.
    package private(set) var numbers: [Int]
    /// How many there are in all.
    package let count: Int

    package init(run: UInt64, numbers: [Int], count: Int) {
        self.run = run
        self.numbers = numbers
        self.count = count
    }

    package mutating func add(_ number: Int) { numbers.append(number) }
}
