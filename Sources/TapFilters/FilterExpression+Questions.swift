import TapWebSocket

/// The filters that answer common questions.
extension FilterExpression {
    /// What belongs to the connections with these numbers.
    public static func connections(_ numbers: [ClosedRange<Int>]) -> FilterExpression {
        let ranges = numbers.map { range in
            FilterRange(.number(UInt64(clamping: range.lowerBound)), .number(UInt64(clamping: range.upperBound)))
        }
        return .test(FilterOperand(.connection), .isIn(ranges))
    }

    /// What belongs to connections to a host whose name contains a text, in any case.
    public static func host(containing text: String) -> FilterExpression {
        .test(FilterOperand(.host), .contains(FilterPart(text.lowercased().utf8)))
    }

    /// What belongs to connections to a path that contains a text.
    public static func path(containing text: String) -> FilterExpression {
        .test(FilterOperand(.path), .contains(FilterPart(text.utf8)))
    }

    /// What one of the peers sent.
    public static func sender(_ sender: Sender) -> FilterExpression {
        .test(FilterOperand(.sender), .compares(.equal, .name(sender.rawValue)))
    }

    /// Messages with a text, and their frames; in any case unless the text has capital letters.
    public static func text(containing text: String) -> FilterExpression {
        .test(FilterOperand(.messageText, ignoresCase(of: text) ? .lower : nil), .contains(FilterPart(text.utf8)))
    }

    /// Whether a text is looked for in any case.
    public static func ignoresCase(of text: String) -> Bool { text == text.lowercased() }

    /// What something was found about.
    public static var findings: FilterExpression { .test(FilterOperand(.finding), .exists) }

    /// All but heartbeats; those that something was found about are shown.
    public static var withoutHeartbeats: FilterExpression {
        .any([.not(.test(FilterOperand(.heartbeat), .exists)), findings])
    }
}
