import ArgumentParser

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case ndjson, json, csv, html
}
