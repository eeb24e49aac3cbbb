import ArgumentParser

/// Whether what is long is shown page by page.
struct PagerOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Show what is longer than the terminal page by page, by WSTAP_PAGER, PAGER or less.")
    var pager = true

    /// What shows it; `nil` where it is to be shown as it comes.
    var command: PagerCommand? { pager ? PagerCommand() : nil }
}
