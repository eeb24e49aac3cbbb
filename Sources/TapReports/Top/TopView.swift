import TapCore

/// What a person has done with the screen of `wstap top`: where the cursor is, what is chosen, what is open. Keys change it, and it
/// draws a ``TopReport``; it knows neither terminal nor clock.
package struct TopView: Sendable {
    /// What a key asks of whoever has the terminal.
    package enum Action: Equatable, Sendable {
        case none
        case quit
        /// To be stopped, as Ctrl-Z does it.
        case suspend
        /// To write the packets so far to this file.
        case write(String)
    }

    enum Mode: Equatable, Sendable {
        case list
        /// The lines of one connection; so many of them are below the screen.
        case talk(connection: Int, below: Int)
        case help
    }

    /// What is being typed, and what it was before.
    struct Prompt: Equatable, Sendable {
        enum Kind: Sendable { case filter, file }

        let kind: Kind
        var text: String
        let before: String
    }

    /// What rows have in common.
    enum Grouping: CaseIterable, Sendable {
        case none, path, host

        var name: String {
            switch self {
            case .none: ""
            case .path: "path"
            case .host: "host"
            }
        }

        var next: Grouping {
            switch self {
            case .none: .path
            case .path: .host
            case .host: .none
            }
        }
    }

    /// What is shown while everything goes on.
    struct Still: Sendable {
        let report: TopReport
        let now: Timestamp
    }

    /// Characters that can be typed.
    private static let longestText = 200

    let source: String
    var mode = Mode.list
    var prompt: Prompt?
    var order = TopOrder()
    var grouping = Grouping.none
    /// The group whose connections are shown.
    var group: (grouping: Grouping, name: String)?
    var filter = TopFilter()
    var still: Still?
    /// What there is to say until the next key.
    var message: String?

    // The list as it was drawn last.
    var selected: TopRow.Identity?
    /// Whether the cursor stays at the top of the list, whatever stands there: so it is until somebody moves it.
    var isAtTop = true
    var rows: [TopRow.Identity] = []
    var firstRow = 0
    var roomForRows = 1
    /// The host of all connections, where it is not said of each.
    var commonHost: String?
    var roomForTalk = 1
    var linesOfTalk = 0

    /// - Parameter source: what is captured from, for the heading.
    package init(of source: String) { self.source = source }

    /// Says something in the last line until the next key.
    package mutating func say(_ message: String) { self.message = message }

    /// - Parameters:
    ///   - report: what goes on.
    ///   - now: what time it is; captures have the same clock.
    package mutating func press(_ key: TopKey, _ report: TopReport, now: Timestamp) -> Action {
        message = nil
        if key == .suspend { return .suspend }
        if prompt != nil { return type(key) }
        switch key {
        case .character("?"), .character("h"): mode = mode == .help ? .list : .help
        case .character("p"): still = still == nil ? Still(report: report, now: now) : nil
        case .character("w"):
            prompt = Prompt(kind: .file, text: TopView.fileName(now), before: "")
        case _:
            switch mode {
            case .list: return pressInList(key)
            case .talk(let connection, let below): pressInTalk(key, connection, below)
            case .help: if [.escape, .enter, .left, .character("q")].contains(key) { mode = .list }
            }
        }
        return .none
    }

    /// `wstap_20261128120000.pcapng`, in UTC.
    private static func fileName(_ now: Timestamp) -> String {
        let digits = TimeText.rfc3339(now).prefix(19).filter(\.isNumber)
        return "wstap_\(digits).pcapng"
    }

    private mutating func pressInList(_ key: TopKey) -> Action {
        switch key {
        case .character("q"): return .quit
        case .character("/"): prompt = Prompt(kind: .filter, text: filter.text, before: filter.text)
        case .character("g"):
            (group, grouping, isAtTop) = (nil, grouping.next, true)
        case .enter, .right: open()
        case .escape, .left: goBack()
        case .character("k"), .up: move(by: -1)
        case .character("j"), .down: move(by: 1)
        case .pageUp: move(by: -roomForRows)
        case .pageDown, .character(" "): move(by: roomForRows)
        case .home: move(by: -rows.count)
        case .end: move(by: rows.count)
        case .character(let character): _ = order.press(character)
        case .backspace, .suspend: break
        }
        return .none
    }

    private mutating func open() {
        switch selected {
        case .connection(let number): mode = .talk(connection: number, below: 0)
        case .group(let name):
            (group, grouping) = ((grouping, name), .none)
            isAtTop = true
        case nil: break
        }
    }

    /// Leaves the group that is open, else the filter.
    private mutating func goBack() {
        if let group {
            (grouping, selected, self.group) = (group.grouping, .group(group.name), nil)
            isAtTop = false
        } else {
            filter = TopFilter()
        }
    }

    private mutating func move(by count: Int) {
        guard !rows.isEmpty else { return }
        let index = selected.flatMap { rows.firstIndex(of: $0) } ?? 0
        let next = min(max(index + count, 0), rows.count - 1)
        (selected, isAtTop) = (rows[next], next == 0)
    }

    private mutating func pressInTalk(_ key: TopKey, _ connection: Int, _ below: Int) {
        let most = max(0, linesOfTalk - roomForTalk)
        func move(_ count: Int) { mode = .talk(connection: connection, below: min(max(below + count, 0), most)) }
        switch key {
        case .escape, .left, .character("q"): mode = .list
        case .up, .character("k"): move(1)
        case .down, .character("j"), .enter: move(-1)
        case .pageUp: move(roomForTalk)
        case .pageDown, .character(" "): move(-roomForTalk)
        case .home: move(most)
        case .end: move(-most)
        case .right, .backspace, .suspend, .character: break
        }
    }

    private mutating func type(_ key: TopKey) -> Action {
        guard var typed = prompt else { return .none }
        switch key {
        case .enter:
            prompt = nil
            return typed.kind == .file && !typed.text.isEmpty ? .write(typed.text) : .none
        case .escape:
            prompt = nil
            if typed.kind == .filter { filter = TopFilter(typed.before) }
            return .none
        case .backspace: if !typed.text.isEmpty { typed.text.removeLast() }
        case .character(let character):
            if typed.text.count < TopView.longestText { typed.text.append(character) }
        case .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .suspend: return .none
        }
        prompt = typed
        // What is typed can be seen at once.
        if typed.kind == .filter { filter = TopFilter(typed.text) }
        return .none
    }
}
