import TapAnalysis
import TapCore
import TapWebSocket

/// What was found in frames and at closing: each rule once for each side of each connection, with how often.
struct BrokenRules {
    /// Groups that are told; findings of more are counted.
    private static let groupLimit = 10_000

    private struct Place: Hashable {
        let connection: Int
        let sender: Sender?
        let id: FindingID
    }

    private struct Group {
        let first: Finding
        var count: UInt64 = 1
    }

    private var groups: [Group] = []
    private var indices: [Place: Int] = [:]
    private var untold: UInt64 = 0

    mutating func add(_ finding: Finding) {
        let place = Place(connection: finding.connection, sender: finding.sender, id: finding.violation.id)
        if let index = indices[place] {
            groups[index].count += 1
        } else if groups.count < BrokenRules.groupLimit {
            indices[place] = groups.count
            groups.append(Group(first: finding))
        } else {
            untold += 1
        }
    }

    /// Whether it was found that a connection ended without a close frame.
    func hasMissingClose(of connection: Int) -> Bool {
        let senders: [Sender?] = Sender.allCases + [nil]
        return senders.contains { indices[Place(connection: connection, sender: $0, id: .closeMissing)] != nil }
    }

    /// Those of one connection stand together; what is equal in several comes behind them, once.
    func write(to writer: inout TerminalWriter) {
        let sorted = groups.sorted { BrokenRules.order($0.first) < BrokenRules.order($1.first) }
        let alike = AlikeGroups(sorted) { group in
            let finding = group.first
            let compared = finding.violation.comparison.map { "\($0.expected) \($0.found)" } ?? ""
            let sender = finding.sender?.rawValue ?? ""
            return "\(finding.violation.id.rawValue) \(sender) \(finding.violation.detail) \(compared)"
        }
        var above: Finding?
        for group in alike.all where group.members.count == 1 {
            BrokenRules.write(group.first, below: above, to: &writer)
            above = group.first.first
        }
        for group in alike.all where group.members.count > 1 { BrokenRules.write(group, to: &writer) }
        guard untold > 0 else { return }
        writer.write("… and \(Decimal.counted(untold, "finding")) more", .faint)
        writer.endLine()
    }

    /// What was found in several connections, or several times in one, as it was found first.
    private static func write(_ group: AlikeGroups<Group>.Group, to writer: inout TerminalWriter) {
        let finding = group.first.first
        let count = group.members.reduce(0) { $0 + $1.count }
        let connections = Set(group.members.map(\.first.connection))
        writer.endLine()
        let column = writer.write(connections: Array(connections), least: 6)
        writer.write(side(finding), .connection(finding.connection))
        writer.pad(to: 16)
        let often = count > UInt64(connections.count) ? "\(Decimal.grouped(count)) times, first " : "first "
        let frame = finding.frame.map { "frame \($0), " } ?? ""
        let place = "\(often)#\(finding.connection), \(frame)packet \(finding.packet.rawValue)"
        writer.write(finding.violation, hasSeverity: true, place: place) { writer in writer.pad(to: column + 12) }
    }

    private static func order(_ finding: Finding) -> (Int, Int, UInt64, Int) {
        let side = finding.sender.flatMap(Sender.allCases.firstIndex(of:)) ?? Sender.allCases.count
        return (
            finding.connection, isOfCapture(finding) ? Sender.allCases.count + 1 : side, finding.packet.rawValue,
            finding.frame ?? 0
        )
    }

    /// Whether it is about the capture, and so no peer's fault.
    private static func isOfCapture(_ finding: Finding) -> Bool { finding.violation.id.family == .capture }

    /// Whose fault it is, as a heading.
    private static func side(_ finding: Finding) -> String {
        isOfCapture(finding) ? "capture" : finding.sender?.arrow ?? ""
    }

    private static func write(_ group: Group, below above: Finding?, to writer: inout TerminalWriter) {
        let finding = group.first
        let isNew = above?.connection != finding.connection
        if isNew {
            writer.endLine()
            writer.write("#\(finding.connection)", .connection(finding.connection))
        }
        writer.pad(to: 6)
        let side = side(finding)
        if isNew || above.map(BrokenRules.side) != side { writer.write(side, .connection(finding.connection)) }
        writer.pad(to: 16)
        let frame = finding.frame.map { "frame \($0), " } ?? ""
        let direction = isOfCapture(finding) ? finding.sender.map { "from the \($0.rawValue), " } ?? "" : ""
        let often = group.count > 1 ? "\(Decimal.grouped(group.count)) times, first " : ""
        let place = "\(often)\(direction)\(frame)packet \(finding.packet.rawValue)"
        writer.write(finding.violation, hasSeverity: true, place: place) { writer in writer.pad(to: 18) }
    }
}
