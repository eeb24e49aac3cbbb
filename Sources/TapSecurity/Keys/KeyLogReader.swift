import TapCore

/// Splits one source of a key log into lines, wherever its bytes are cut.
package struct KeyLogReader {
    private let source: KeySource
    /// The beginning of a line whose end did not come yet.
    private var pending: [UInt8] = []
    /// Whether the line that goes on was too long, and is passed over.
    private var passesOver = false

    package init(_ source: KeySource) { self.source = source }

    package mutating func receive(_ bytes: RawSpan, into log: KeyLog) {
        var start = 0
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) {
            take(bytes.from(start).upTo(end - start), isWhole: true, into: log)
            start = end + 1
        }
        take(bytes.from(start), isWhole: false, into: log)
    }

    /// The source has ended: what stands behind its last line break is a line, too.
    package mutating func finish(into log: KeyLog) {
        let nothing: [UInt8] = []
        if !pending.isEmpty { take(nothing.span.bytes, isWhole: true, into: log) }
        restart()
    }

    /// The source is read from its beginning again.
    package mutating func restart() {
        Secret.wipe(&pending)
        passesOver = false
    }

    private mutating func take(_ part: RawSpan, isWhole: Bool, into log: KeyLog) {
        if !passesOver, pending.count + part.byteCount > log.limits.lineLength {
            passesOver = true
            Secret.wipe(&pending)
            log.noteLongLine()
        }
        if !passesOver {
            if isWhole, pending.isEmpty {
                read(part, into: log)
            } else {
                pending.append(part)
                if isWhole { read(pending.span.bytes, into: log) }
            }
        }
        if isWhole { restart() }
    }

    private func read(_ line: RawSpan, into log: KeyLog) {
        // Lines end with LF, CR LF or CR.
        var start = 0
        while let end = line.firstIndex(of: UInt8(ascii: "\r"), from: start) {
            log.receive(line: line.from(start).upTo(end - start), from: source)
            start = end + 1
        }
        if start < line.byteCount { log.receive(line: line.from(start), from: source) }
    }
}

/// Where secrets come from.
package enum KeySource: String, Sendable {
    /// A file that a peer wrote.
    case keyLog = "key-log"
    /// A Decryption Secrets Block of the capture itself.
    case capture
}
