import TapHTTP

/// A protocol older than RFC 6455, recognised from an upgrade request.
struct Draft {
    let name: String
    /// Whether its frames are others than those of RFC 6455, as they were before hybi-07.
    let hasOlderFrames: Bool

    /// Answers `nil` where the request is for RFC 6455, or for nothing that is known.
    init?(_ fields: HTTPFields) {
        if let text = fields.first(.webSocketVersion) {
            guard text.utf8.count == 1, let version = Int(text), version <= 8 else { return nil }
            hasOlderFrames = version < 7
            // The versions 7 and 8 outlived several drafts.
            name =
                switch version {
                case 7: "draft hybi-07"
                case 8: "draft hybi-08 to hybi-12"
                default: "draft hybi-0\(version)"
                }
        } else if fields.has(.webSocketKey1) || fields.has(.webSocketKey2) {
            name = "draft hixie-76 (hybi-00)"
            hasOlderFrames = true
        } else {
            return nil
        }
    }
}
