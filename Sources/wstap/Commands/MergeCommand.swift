import ArgumentParser
import TapAnalysis
import TapCore
import TapReports
import TapSources

/// `wstap merge`
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join what was found in all shards of a capture: the report of one run over all of it.",
        discussion: """
            It reads what “wstap export --to parts” wrote of each shard. The page is that of “wstap stats”; records are findings and \
            the summary, as “wstap read” has them.

            Examples:
              wstap shard ring_*.pcapng --shards 8 -o shards
              ls shards/shard-*.pcapng | xargs -P 8 -I % wstap export % --to parts -o %.part
              wstap merge shards
              wstap merge shards --format ndjson | jq -c 'select(.type == "finding")'
            """)

    @Argument(
        help:
            "Parts, or a folder with them; what else is in it is passed over. A manifest in it must be that of their shards.",
        completion: .file())
    var files: [String]

    @Option(help: "What is shown: the page of stats, its figures as one object, or findings and summary as records.")
    var format = MergeFormat.table

    @Option(
        help: ArgumentHelp(
            "Requests, answers and how long they took, by type or name; handshakes by path.", valueName: "what"))
    var by: StatsGrouping?

    @OptionGroup var look: TerminalOptions

    @OptionGroup var paging: PagerOptions

    func validate() throws {
        if by != nil, format == .ndjson { throw ValidationError("--by goes with --format table and json") }
    }

    func run() throws {
        let isComplete = try Failure.translate {
            let parts = try PartSet(files, version: Wstap.configuration.version)
            var output = try Output(path: nil, pagedBy: format == .table ? paging.command : nil)
            var merged = MergedParts(parts.totals, as: form(of: parts, terminal: output.isTerminal))
            while let part = merged.awaited {
                merged.receive(try parts.nextEntries(of: part), from: part, to: &output.buffer)
                try output.flushWhenFull()
            }
            let summary = merged.finish(to: &output.buffer)
            try output.finish()
            for fault in summary.faults + parts.faults { StandardError.say(fault) }
            return summary.faults.isEmpty && parts.faults.isEmpty
        }
        guard isComplete else { throw ExitCode.unreadable }
    }

    private func form(of parts: PartSet, terminal isTerminal: Bool) -> MergedParts.Form {
        switch format {
        case .ndjson: return .records(parts.origin)
        case .json: return .stats(.json, by: by)
        case .table:
            let terminal = look.settings(terminal: isTerminal)
            return .stats(.page(width: terminal.width, color: terminal.hasColor), by: by)
        }
    }
}

enum MergeFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson
}
