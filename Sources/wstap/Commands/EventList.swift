import ArgumentParser
import TapReports

/// A comma-separated list of record kinds.
struct EventList: ExpressibleByArgument {
    let events: ReportEvents

    static let standard = EventList(events: .standard)

    init?(argument: String) {
        var events: ReportEvents = []
        for name in argument.split(separator: ",") {
            guard let event = ReportEvents(named: name) else { return nil }
            events.insert(event)
        }
        guard !events.isEmpty else { return nil }
        self.events = events
    }

    private init(events: ReportEvents) { self.events = events }

    static var allValueStrings: [String] { ReportEvents.named.map(\.name) }
    var defaultValueDescription: String { "all but message" }
}
