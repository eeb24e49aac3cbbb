import ArgumentParser
import TapSubprotocols

/// Options that take one value and stand there twice: one of the two would be lost.
enum RepeatedOptions {
    /// Only where a name stands twice, the command is asked what it takes.
    static func check(_ arguments: [String], of command: any ParsableCommand.Type) throws {
        var typed: Set<Substring> = []
        let options = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("-") && $0 != "-" }
        let names = options.compactMap { $0.split(separator: "=", maxSplits: 1).first }
        let twice = names.filter { !typed.insert($0).inserted }
        guard !twice.isEmpty else { return }
        let single = singleOptions(of: command)
        if let name = twice.first(where: { single.contains(String($0)) }) {
            throw ValidationError("\(name) takes one value, but was given twice")
        }
    }

    private static func singleOptions(of command: any ParsableCommand.Type) -> Set<String> {
        guard let help = try? JSONDocument(Array(command._dumpHelp().utf8)).root,
            let arguments = help["command"]?["arguments"]?.elements
        else { return [] }
        let single = arguments.filter { $0["kind"]?.string == "option" && $0["isRepeating"]?.boolean == false }
        return Set(
            single.flatMap { $0["names"]?.elements ?? [] }.compactMap { name in
                guard let text = name["name"]?.string else { return nil }
                return name["kind"]?.string == "long" ? "--\(text)" : "-\(text)"
            })
    }
}
