import TapCore

extension CaptureComment {
    /// What it is written about, in one word.
    var subjectName: String {
        switch subject {
        case .section: "capture"
        case .interface: "interface"
        case .statistics: "statistics"
        case .packet: "packet"
        }
    }
}
