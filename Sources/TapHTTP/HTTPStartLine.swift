import TapCore

/// The first line of a message. RFC 9112 §3 and §4.
public enum HTTPStartLine: Equatable, Sendable {
    case request(method: String, target: String, version: String)
    case response(version: String, status: Int, reason: String)

    /// `METHOD target HTTP/1.1` or `HTTP/1.1 101 Switching Protocols`, without the end of the line.
    init?(parsing line: RawSpan) {
        guard let first = HTTPStartLine.word(of: line, from: 0),
            let second = HTTPStartLine.word(of: line, from: first.upperBound)
        else { return nil }
        if HTTPStartLine.isVersion(line.extracting(first)) {
            guard let status = HTTPStartLine.status(line.extracting(second)) else { return nil }
            self = .response(
                version: HTTPStartLine.version(line, first), status: status,
                reason: HTTPStartLine.reason(line, min(second.upperBound + 1, line.byteCount)..<line.byteCount))
        } else {
            // Some clients send unescaped spaces in the target: the version is what follows the last space.
            let space = HTTPStartLine.lastSpace(of: line)
            let version = space + 1..<line.byteCount
            guard version.count == 8, HTTPStartLine.isVersion(line.extracting(version)), space > first.upperBound else {
                return nil
            }
            let target = HTTPText.trimmed(line, first.upperBound + 1..<space)
            self = .request(
                method: HTTPText.text(line, first), target: HTTPText.text(line, target),
                version: HTTPStartLine.version(line, version))
        }
    }

    /// The version and status of a response whose first line was captured at least that far.
    init?(parsingStatusOf line: RawSpan) {
        guard line.byteCount >= 12, let first = HTTPStartLine.word(of: line, from: 0), first == 0..<8,
            HTTPStartLine.isVersion(line.extracting(first)), line.byteCount == 12 || line.uint8(at: 12) == 0x20,
            let status = HTTPStartLine.status(line.extracting(9..<12))
        else { return nil }
        // Of a reason that may go on nothing is said.
        self = .response(version: HTTPStartLine.version(line, first), status: status, reason: "")
    }

    // Common values share one literal; allocating a string costs more than parsing.

    private static func version(_ line: RawSpan, _ range: Range<Int>) -> String {
        HTTPText.isEqual(line.extracting(range), "HTTP/1.1") ? "HTTP/1.1" : HTTPText.text(line, range)
    }

    private static func reason(_ line: RawSpan, _ range: Range<Int>) -> String {
        HTTPText.isEqual(line.extracting(range), "Switching Protocols")
            ? "Switching Protocols" : HTTPText.text(line, range)
    }

    /// The next run of bytes that are no spaces.
    private static func word(of line: RawSpan, from start: Int) -> Range<Int>? {
        var start = start
        while start < line.byteCount, line.uint8(at: start) == 0x20 { start += 1 }
        guard start < line.byteCount else { return nil }
        return start..<(line.firstIndex(of: 0x20, from: start) ?? line.byteCount)
    }

    private static func lastSpace(of line: RawSpan) -> Int {
        var place = line.byteCount - 1
        while place >= 0, line.uint8(at: place) != 0x20 { place -= 1 }
        return place
    }

    private static func isVersion(_ word: RawSpan) -> Bool {
        // `HTTP/1.`, and anything after it.
        word.byteCount >= 7 && word.uint32(at: 0) == 0x4854_5450 && word.uint32(at: 3) == 0x502F_312E
    }

    /// Three digits, the first of them not zero.
    private static func status(_ word: RawSpan) -> Int? {
        guard word.byteCount == 3 else { return nil }
        var status = 0
        for place in 0..<3 {
            let digit = word.uint8(at: place) &- 0x30
            guard digit < 10 else { return nil }
            status = status * 10 + Int(digit)
        }
        return status >= 100 ? status : nil
    }
}
