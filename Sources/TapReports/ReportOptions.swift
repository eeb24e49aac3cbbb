public import TapCore

/// What a report tells.
public struct ReportOptions: Sendable {
    public var events: ReportEvents
    public var payload: PayloadDetail
    /// Payload bytes of a preview in a record.
    public var previewLength: Int

    /// Whether the table shows the bytes of each frame's header, with what they mean.
    public var showsHeaders = false
    /// Whether the table shows all bytes of each payload in hexadecimal below its row.
    public var dumpsPayloads = false
    /// How many bytes of a payload that was inflated are shown in full: few on the wire can be very many.
    public var shownLimit = ReportOptions.usualShownLimit
    /// What previews in the table are to show, where it stands in the payload.
    public var search: TextSearch?
    /// Whether the table says once where findings are explained.
    public var hintsAtExplanations = false

    /// Whether rows of the table wait for earlier ones, so that they stand in the order of time.
    public var sortsRows = false

    /// What addresses are called; those of the capture's own files.
    public var names = HostNames()

    /// Wireshark's number of a connection between two endpoints that was there at a packet (`tcp.stream`).
    package var streamNumber: (@Sendable (_ client: Endpoint, _ server: Endpoint, _ packet: PacketNumber) -> Int?)?

    public static let usualShownLimit = 16 << 10

    public init(events: ReportEvents = .standard, payload: PayloadDetail = .full, previewLength: Int = 64) {
        self.events = events
        self.payload = payload
        self.previewLength = previewLength
    }
}
