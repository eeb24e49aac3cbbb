import ArgumentParser
import TapReports

/// A comma-separated list of record kinds.
struct EventList: ExpressibleByArgument {
    let events: ReportEvents

    /// Whether somebody asked for just these.
    let isTyped: Bool

    static let standard = EventList(events: .standard, isTyped: false)

    init?(argument: String) {
        var events: ReportEvents = []
        for name in argument.split(separator: ",") {
            guard let event = ReportEvents(named: name) else { return nil }
            events.insert(event)
        }
        guard !events.isEmpty else { return nil }
        self.init(events: events, isTyped: true)
    }

    private init(events: ReportEvents, isTyped: Bool) {
        self.events = events
        self.isTyped = isTyped
    }

    static var allValueStrings: [String] { ReportEvents.named.map(\.name) }
    var defaultValueDescription: String { "all but message" }
}
