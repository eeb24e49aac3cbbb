import TapHTTP

/// What the form of an HTTP head breaks, whatever it says. RFC 9112.
enum HeadCheck {
    static func violations(_ head: HTTPHead, from sender: Sender) -> [Violation] {
        let message = sender == .client ? "the request" : "the response"
        let sentences: [(HTTPOddities, FindingID, String)] = [
            (.bareLineFeed, .httpBareLineFeed, "\(message) has lines that end in LF alone"),
            (.foldedLine, .httpFoldedLine, "\(message) has a folded field"),
            (.spaceBeforeColon, .httpSpaceBeforeColon, "\(message) has white space before a colon"),
            (.malformedLine, .httpLineMalformed, "\(message) has a line that is no field"),
        ]
        return sentences.filter { head.oddities.contains($0.0) }.map { Violation($0.1, by: sender, $0.2) }
    }
}
