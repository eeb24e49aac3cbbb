/// The parts of what a request asks for, as they were sent: nothing is decoded. RFC 9112 §3.2, RFC 3986 §3.
public struct RequestTarget: Equatable, Sendable {
    /// One part of a query between `&`; a part without `=` has an empty value.
    public struct Parameter: Equatable, Sendable {
        public let name: String
        public let value: String
    }

    /// The scheme and the host of the absolute form, as proxies are asked: `http://example.org`.
    public let origin: String?
    /// Up to the query.
    public let path: String
    /// What follows the first `?`, up to a fragment.
    public let query: String?

    public init(_ target: String) {
        let beforeFragment = target.prefix { $0 != "#" }
        let parts = beforeFragment.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let location = parts.first ?? ""
        query = parts.count > 1 ? String(parts[1]) : nil
        guard let mark = location.firstRange(of: "://"), !location.hasPrefix("/") else {
            origin = nil
            path = String(location)
            return
        }
        let end = location[mark.upperBound...].firstIndex(of: "/") ?? location.endIndex
        origin = String(location[..<end])
        path = String(location[end...])
    }

    public var parameters: [Parameter] {
        (query ?? "").split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Parameter(name: String(sides[0]), value: sides.count > 1 ? String(sides[1]) : "")
        }
    }
}
