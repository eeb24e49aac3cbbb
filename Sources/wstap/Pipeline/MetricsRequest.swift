import TapReports

/// A request for metrics, as much as it takes to answer it. RFC 9112.
struct MetricsRequest {
    private static let headLimit = 8 << 10

    private var head: [UInt8] = []
    /// Whether its head is there, or too much of one.
    private(set) var isComplete = false

    mutating func receive(_ bytes: ArraySlice<UInt8>) {
        head += bytes
        isComplete = head.count > MetricsRequest.headLimit || MetricsRequest.hasEnd(head)
    }

    /// Whether there is an empty line.
    private static func hasEnd(_ head: [UInt8]) -> Bool {
        let lines = head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.dropFirst().dropLast().contains { $0.isEmpty || $0.elementsEqual([UInt8(ascii: "\r")]) }
    }

    /// The response.
    /// - Parameter metrics: makes their text.
    func answer(_ metrics: (MetricsForm) -> [UInt8]) -> [UInt8] {
        let lines = String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline)
        let start = lines.first?.split(separator: " ") ?? []
        guard head.count <= MetricsRequest.headLimit, start.count == 3, start[2].hasPrefix("HTTP/1.") else {
            return MetricsRequest.response("400 Bad Request", "text/plain", Array("This is for HTTP/1.1.\n".utf8))
        }
        guard start[0] == "GET" || start[0] == "HEAD" else {
            return MetricsRequest.response(
                "405 Method Not Allowed", "text/plain", Array("There is only GET.\n".utf8), fields: ["Allow: GET, HEAD"]
            )
        }
        guard start[1].prefix(while: { $0 != "?" }) == "/metrics" else {
            return MetricsRequest.response("404 Not Found", "text/plain", Array("There is only /metrics.\n".utf8))
        }
        let accept = lines.dropFirst().compactMap { line -> String? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "accept" else { return nil }
            return String(parts[1])
        }
        let form = MetricsForm(accepting: accept)
        let body = metrics(form)
        return MetricsRequest.response("200 OK", form.contentType, body, isBodySent: start[0] == "GET")
    }

    private static func response(
        _ status: String, _ type: String, _ body: [UInt8], fields: [String] = [], isBodySent: Bool = true
    ) -> [UInt8] {
        let head =
            ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)"] + fields
            + ["Connection: close", "", ""]
        return Array(head.joined(separator: "\r\n").utf8) + (isBodySent ? body : [])
    }
}
