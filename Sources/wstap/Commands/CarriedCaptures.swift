import ArgumentParser

/// How captures are analyzed one after another as one, each by a run of its own.
struct CarriedCaptures {
    /// Where that is kept which is open at the end; `nil` where no other run goes on with it.
    let next: String?
    /// What was kept of the captures before; `nil` where these are the first.
    let former: String?
    /// How many bytes are kept at most.
    let limit: Int

    var isUsed: Bool { next != nil || former != nil }

    /// - Parameters:
    ///   - outputs: what is written, and where.
    ///   - redaction: what is taken out.
    func validate(
        _ input: FileArguments, _ outputs: [(format: ExportFormat, path: String)], _ redaction: RedactionOptions
    ) throws {
        guard limit > 0 else { throw ValidationError("--max-carried must be at least 1") }
        guard isUsed else { return }
        guard outputs.count == 1, outputs[0].format == .ndjson else {
            throw ValidationError("--carry-to and --carry-from go with --to ndjson alone")
        }
        guard input.captureFilter == nil else {
            throw ValidationError("--carry-to and --carry-from are of all packets: no capture filter")
        }
        guard !redaction.hidesAddresses else {
            throw ValidationError("--redact addresses: each run would give them other names")
        }
        let read = input.files + [former].compactMap(\.self)
        if let stream = read.first(where: InputPath.isStream) {
            throw ValidationError("\(stream): --carry-to reads its input twice, which needs a file")
        }
        for path in [next, outputs[0].path].compactMap(\.self) {
            if let file = read.first(where: { InputPath.isSame($0, as: path) }) {
                throw ValidationError("\(file) is to be read: write to another file")
            }
        }
        if let next, InputPath.isOne(next, with: outputs[0].path) {
            throw ValidationError("\(next): only one of both can be written there")
        }
    }
}
