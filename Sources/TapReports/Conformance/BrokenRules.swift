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

    func write(to writer: inout TerminalWriter) {
        let sorted = groups.sorted { BrokenRules.order($0.first) < BrokenRules.order($1.first) }
        var above: Finding?
        for group in sorted {
            BrokenRules.write(group, below: above, to: &writer)
            above = group.first
        }
        guard untold > 0 else { return }
        writer.write("… and \(Decimal.counted(untold, "finding")) more", .faint)
        writer.endLine()
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
