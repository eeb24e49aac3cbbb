/// How much of each payload a report shows.
public enum PayloadDetail: String, CaseIterable, Sendable {
    case none
    /// In the table what fits into the row, in records the first ``ReportOptions/previewLength`` bytes.
    case preview
    /// All that was kept.
    case full
}
