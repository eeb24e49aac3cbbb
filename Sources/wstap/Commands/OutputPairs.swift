import ArgumentParser

/// What `--to` and `-o` say together: files, and the format of each.
struct OutputPairs<Format> {
    let paths: [String]
    /// As typed, or else as the endings of the files tell.
    let formats: [Format]
    /// The first file whose ending had to name a format, and does not.
    private let unnamed: String?

    init(_ paths: [String], typed: [Format], byEnding format: (String) -> Format?) {
        self.paths = paths
        formats = typed.isEmpty ? paths.compactMap(format) : typed
        unnamed = typed.isEmpty ? paths.first { format($0) == nil } : nil
    }

    var pairs: Zip2Sequence<[Format], [String]> { zip(formats, paths) }

    /// - Parameter choice: how a format is typed.
    func check(_ choice: String) throws {
        if let unnamed { throw ValidationError("\(unnamed): its ending names no format: \(choice)") }
        guard formats.count == paths.count else {
            throw ValidationError("--to and -o go in pairs: there are \(formats.count) and \(paths.count)")
        }
    }
}
