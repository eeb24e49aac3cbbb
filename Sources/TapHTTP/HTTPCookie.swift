/// A cookie as one of the fields Cookie and Set-Cookie gives it. RFC 6265 §4.
public struct HTTPCookie: Equatable, Sendable {
    public let name: String
    public let value: String
    public private(set) var path: String?
    public private(set) var domain: String?
    public private(set) var isHTTPOnly = false
    public private(set) var isSecure = false

    /// The cookies that a request brings, in its order.
    public static func sent(in fields: HTTPFields) -> [HTTPCookie] {
        fields["Cookie"].flatMap { value in
            value.split(separator: ";").compactMap { HTTPCookie(pair: $0) }
        }
    }

    /// The cookies that a response sets, in its order.
    public static func set(in fields: HTTPFields) -> [HTTPCookie] {
        fields["Set-Cookie"].compactMap { value in
            let parts = value.split(separator: ";")
            guard let pair = parts.first, var cookie = HTTPCookie(pair: pair) else { return nil }
            for attribute in parts.dropFirst() { cookie.add(attribute) }
            return cookie
        }
    }

    private init?(pair: Substring) {
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        name = HTTPText.trimmed(String(sides[0]))
        value = HTTPText.trimmed(String(sides[1]))
    }

    private mutating func add(_ attribute: Substring) {
        let sides = attribute.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = HTTPText.trimmed(String(sides[0]))
        let value = sides.count > 1 ? HTTPText.trimmed(String(sides[1])) : ""
        if HTTPText.equalsIgnoringCase(name, "Path") { path = value }
        if HTTPText.equalsIgnoringCase(name, "Domain") { domain = value }
        if HTTPText.equalsIgnoringCase(name, "HttpOnly") { isHTTPOnly = true }
        if HTTPText.equalsIgnoringCase(name, "Secure") { isSecure = true }
    }
}
