import TapAnalysis
import TapCore

/// Keeps which connections there is anything of.
final class ConnectionChoice: Destination {
    private(set) var numbers: Set<Int> = []

    func write(_ observations: Observations, start: Timestamp) {
        for observation in observations.all { if let number = observation.connectionNumber { numbers.insert(number) } }
    }

    func finish(_ summary: Summary, dropped: UInt64) {}
}
