import Foundation
import TapTestSupport
import Testing

/// What `wstap export --to parts` makes of shards, and `wstap merge` of that.
extension Sharded {
    /// Writes a part of each shard beside it.
    func exportParts() throws -> [String] {
        try files.map { file in
            let part = file.replacing(".pcapng", with: ".part")
            let result = try Wstap.run(["export", file, "-o", part])
            #expect(result.status == 0, "\(file): \(result.errors)")
            return part
        }
    }

    /// Expects that parts of the shards say together, byte for byte, what one run over everything says.
    /// - Parameters:
    ///   - number: decides which of the statistics are looked at.
    ///   - together: what `wstap read` says of all shards at once.
    func expectMerged(as inputs: [String], _ number: Int, _ together: Wstap.Result, _ name: String) throws {
        _ = try exportParts()
        let records = together.output.split(separator: "\n").filter {
            $0.hasPrefix(#"{"type":"finding""#) || $0.hasPrefix(#"{"type":"summary""#)
        }
        let merged = try Wstap.run(["merge", "--format", "ndjson", folder])
        #expect(merged.output.split(separator: "\n") == records, "\(name): \(merged.errors)")
        let forms = [
            ["--format", "json"], [], ["--by", "type"], ["--format", "json", "--by", "name"],
            ["--format", "json", "--by", "path"],
        ]
        let form = forms[number % forms.count]
        let expected = try Wstap.run(["stats"] + form + inputs).output
        #expect(try Wstap.run(["merge"] + form + [folder]).output == expected, "\(name), \(form)")
    }
}
