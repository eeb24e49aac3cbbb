import TapHTTP

/// A protocol older than RFC 6455, recognised from an upgrade request.
struct Draft {
    let name: String

    /// Answers `nil` where the request is for RFC 6455, or for nothing that is known.
    init?(_ fields: HTTPFields) {
        let hasChallenge = !fields["Sec-WebSocket-Key1"].isEmpty || !fields["Sec-WebSocket-Key2"].isEmpty
        if let text = fields["Sec-WebSocket-Version"].first {
            guard let version = Int(text), (0...8).contains(version), text == "\(version)" else { return nil }
            // The versions 7 and 8 outlived several drafts.
            name =
                switch version {
                case 7: "draft hybi-07"
                case 8: "draft hybi-08 to hybi-12"
                default: "draft hybi-0\(version)"
                }
        } else if hasChallenge {
            name = "draft hixie-76 (hybi-00)"
        } else {
            return nil
        }
    }
}
