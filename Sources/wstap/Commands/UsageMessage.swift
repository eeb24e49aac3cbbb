import TapCore

/// What the parser of arguments says, in the voice of all other messages.
enum UsageMessage {
    /// One line that begins with a small letter, and without a guess that is far from what was typed.
    static func text(_ message: String) -> String {
        let line = message.split(separator: "\n").first.map(String.init) ?? message
        // As tcpdump and tshark have it.
        if line == "Unknown option '-r'" { return "unknown option '-r'; files stand without one: wstap read FILE" }
        guard let first = line.first, first.isUppercase, line.dropFirst().first?.isLowercase == true else {
            return line
        }
        return first.lowercased() + withoutFarGuess(line.dropFirst())
    }

    /// The parser takes any name for a guess that has some letters in common.
    private static func withoutFarGuess(_ line: Substring) -> String {
        let quoted = line.split(separator: "'", omittingEmptySubsequences: false)
        guard quoted.count == 5, quoted[2] == ". Did you mean " else { return String(line) }
        let name = { (text: Substring) in String(text.drop { $0 == "-" }) }
        let guess = NameDistance.nearest(to: name(quoted[1]), among: [name(quoted[3])])
        return guess == nil ? "\(quoted[0])'\(quoted[1])'" : "\(quoted[0])'\(quoted[1])'; did you mean '\(quoted[3])'?"
    }
}
