import Glibc
import TapCore

/// Finds addresses that are written in a text.
enum AddressScan {
    /// The addresses and where they stand, in order.
    static func addresses(in bytes: ArraySlice<UInt8>) -> [(place: Range<Int>, address: IPAddress)] {
        var found: [(place: Range<Int>, address: IPAddress)] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard isOfAddress(bytes[index]) else {
                index += 1
                continue
            }
            let run = bytes[index...].prefix { isOfAddress($0) }
            if let (place, address) = address(in: run, of: bytes) { found.append((place, address)) }
            index = run.endIndex
        }
        return found
    }

    /// The address in a run of digits, dots and colons, which may have a name and a colon before it and a port behind it.
    private static func address(in run: ArraySlice<UInt8>, of bytes: ArraySlice<UInt8>) -> (Range<Int>, IPAddress)? {
        if run.endIndex < bytes.endIndex, isOfWord(bytes[run.endIndex]) { return nil }
        if isBeginning(run.startIndex, bytes), let found = address(beginning: run) { return found }
        let rest = run.drop { $0 == UInt8(ascii: ":") }
        return rest.count < run.count ? address(beginning: rest) : nil
    }

    private static func address(beginning run: ArraySlice<UInt8>) -> (Range<Int>, IPAddress)? {
        guard (3...64).contains(run.count) else { return nil }
        if let address = parsed(run) { return (run.startIndex..<run.endIndex, address) }
        // A port, or the end of a sentence.
        guard let end = run.lastIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else { return nil }
        return parsed(run[..<end]).map { (run.startIndex..<end, $0) }
    }

    /// Not where a word goes on, but for the letter of an escape, nor where a version begins: `Chrome/120.0.0.0`.
    private static func isBeginning(_ start: Int, _ bytes: ArraySlice<UInt8>) -> Bool {
        let before = bytes[..<start].suffix(2)
        guard let last = before.last else { return true }
        if last == UInt8(ascii: "/") { return before.count == 1 || before.first == last }
        return !isOfWord(last) || before.count == 2 && before.first == UInt8(ascii: "\\")
    }

    private static func parsed(_ text: ArraySlice<UInt8>) -> IPAddress? {
        let hasDots = text.count { $0 == UInt8(ascii: ".") } == 3
        guard hasDots || text.count(where: { $0 == UInt8(ascii: ":") }) >= 2 else { return nil }
        let text = String(decoding: text, as: UTF8.self)
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return IPAddress(bytes: Array(bytes[..<4])) }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        return IPAddress(bytes: bytes)
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        NameWords.isDigit(byte) || (0x61...0x66).contains(byte | 0x20) || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: ":")
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        NameWords.isLetter(byte) || NameWords.isDigit(byte) || byte == UInt8(ascii: "_")
    }
}
