import TapAnalysis
import TapCore
import TapWebSocket

/// What `wstap compare` says.
public struct ComparisonReport {
    public enum Form: Sendable {
        /// - Parameter width: columns of the terminal.
        case table(width: Int, color: Bool)
        case json
        /// - Parameter version: the program's, for who reads the page later.
        case html(version: String)
    }

    /// Rows of one kind that are shown to people.
    static let listed = 10

    private let form: Form
    /// Whether anything is shown of what messages say.
    private let isQuoting: Bool

    public init(_ form: Form, isQuoting: Bool) {
        self.form = form
        self.isQuoting = isQuoting
    }

    public func write(_ comparison: CaptureComparison, to output: inout [UInt8]) {
        switch form {
        case .table(let width, let color):
            TerminalWriter.append(to: &output, TableStyle(width: width, hasColor: color)) { writer in
                ComparisonTable(comparison: comparison, isQuoting: isQuoting).write(to: &writer)
            }
        case .json:
            JSONWriter.append(to: &output) { writer in
                writer.write(comparison, isQuoting: isQuoting)
                writer.raw("\n")
            }
        case .html(let version):
            output += ComparisonPage(comparison: comparison, isQuoting: isQuoting, version: version).text.utf8
        }
    }
}

extension ClockOffset.Unknown {
    /// Why it is not known.
    var words: String {
        switch self {
        case .nothingShared: "not known: nothing went by both captures"
        case .oneWay: "not known: what both captures have went in one direction only"
        case .unsteady: "not known: the clocks run apart, or one of them was set"
        }
    }
}

extension CaptureComparison {
    /// How far the clocks are apart, in words; nothing of one clock.
    var clockWords: [String] {
        guard !isOneCapture else { return [] }
        switch clock {
        case .failure(let reason): return [reason.words]
        case .success(let clock):
            let ahead = clock.nanoseconds >= 0 ? "B is" : "A is"
            let offset = TimeText.exactSeconds(Int64(clamping: clock.nanoseconds.magnitude))
            return [
                "\(ahead) \(offset) s ahead, ± \(TimeText.duration(clock.uncertainty))",
                "\(clock.nearClient == .first ? "A" : "B") is nearer to the clients",
            ]
        }
    }
}

extension TimeText {
    /// `3.000012`: seconds with six decimals, rounded.
    static func exactSeconds(_ nanoseconds: Int64) -> String { seconds(nanoseconds &+ 500) }
}

extension ComparedPair.Change {
    /// What happened, for people.
    var words: String {
        switch self {
        case .onlyInFirst: "only in A"
        case .onlyInSecond: "only in B"
        case .unknown: "not known"
        case .changed: "another content"
        case .reordered: "another order"
        case .delayed: "late"
        case .refragmented: "other fragments"
        case .compressed: "compressed on the way"
        case .decompressed: "decompressed on the way"
        case .recompressed: "compressed anew"
        case .remasked: "masked anew"
        }
    }

    var mark: Mark {
        switch self {
        case .onlyInFirst, .onlyInSecond, .changed: .error
        case .reordered, .delayed: .warning
        case .unknown: .open
        case .refragmented, .compressed, .decompressed, .recompressed, .remasked: .note
        }
    }
}

extension ComparedPair {
    /// What there is to say of a change of this message beside its name.
    func details(of change: Change) -> String? {
        switch change {
        case .delayed, .reordered: return delay.map { "took \(TimeText.duration($0))" }
        case .unknown: return "\(first == nil ? "A" : "B") is not whole there"
        case .refragmented:
            guard let first, let second else { return nil }
            return "\(Decimal.counted(UInt64(clamping: first.form.frames), "frame")) in A, \(second.form.frames) in B"
        case .compressed, .decompressed, .recompressed:
            guard let first, let second else { return nil }
            return "\(Decimal.grouped(first.form.wireLength)) B in A, \(Decimal.grouped(second.form.wireLength)) B in B"
        case .changed:
            guard let first, let second else { return nil }
            return "\(Decimal.grouped(first.length)) B in A, \(Decimal.grouped(second.length)) B in B"
        case .onlyInFirst, .onlyInSecond, .remasked: return nil
        }
    }

    /// The message itself, of the side that has it.
    var message: ComparedMessage? { first ?? second }
}

extension ComparedMessage {
    /// The beginning of what it says, as a record or a page may show it.
    var excerptText: String {
        let isCut = UInt64(excerpt.count) < length
        return (kind == .text ? ComparedMessage.text(excerpt, isCut: isCut) : Hex.string(excerpt)) + (isCut ? "…" : "")
    }

    /// What is cut in the middle of a character ends before it.
    private static func text(_ bytes: [UInt8], isCut: Bool) -> String {
        let whole = (0...(isCut ? 3 : 0)).lazy.compactMap { String(validating: bytes.dropLast($0), as: UTF8.self) }
        return whole.first ?? String(decoding: bytes, as: UTF8.self)
    }
}
