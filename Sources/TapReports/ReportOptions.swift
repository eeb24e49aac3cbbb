/// What a report tells.
public struct ReportOptions: Sendable {
    public var events: ReportEvents
    public var payload: PayloadDetail
    /// Payload bytes of a preview in a record.
    public var previewLength: Int

    public init(events: ReportEvents = .standard, payload: PayloadDetail = .full, previewLength: Int = 64) {
        self.events = events
        self.payload = payload
        self.previewLength = previewLength
    }
}
