/// The two texts in which metrics are told.
package enum MetricsForm: Sendable {
    /// Prometheus' text format 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics

    /// What a client would rather have, by its Accept fields: the older text where it says nothing. RFC 9110 §12.5.1.
    package init(accepting accept: [String]) {
        var (best, older) = (0.0, 0.0)
        for range in accept.joined(separator: ",").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            let parameters = parts.dropFirst()
            let quality = parameters.first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            let version = parameters.first { $0.hasPrefix("version=") }?.dropFirst("version=".count)
            switch parts.first {
            case "application/openmetrics-text" where version == nil || version == "1.0.0": best = max(best, quality)
            case "text/plain", "text/*", "*/*": older = max(older, quality)
            default: break
            }
        }
        self = best > 0 && best >= older ? .openMetrics : .text
    }

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}
