import Glibc

/// The line of shell that shows what is long page by page, chosen as git chooses it.
struct PagerCommand {
    let line: String

    /// Leaves what fits on one screen alone, lets colours through, and leaves on the screen what was read.
    private static let standard = "less -FRX"

    /// The one that the user wants; `nil` where nothing is to be shown page by page, or where nothing can.
    init?() {
        guard let terminal = Environment.value("TERM"), terminal != "dumb" else { return nil }
        if let chosen = Environment.value("WSTAP_PAGER") ?? Environment.value("PAGER") {
            guard !chosen.isEmpty, chosen != "cat" else { return nil }
            line = chosen
        } else {
            guard PagerCommand.isInstalled("less") else { return nil }
            line = PagerCommand.standard
        }
    }

    private static func isInstalled(_ program: String) -> Bool {
        (Environment.value("PATH") ?? "").split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}
