/// How long a message's body is. RFC 9112 §6.3.
public enum HTTPBodyFraming: Equatable, Sendable {
    case none
    case length(UInt64)
    case chunked
    /// A response that lasts until the connection ends.
    case untilEnd
}

extension HTTPHead {
    /// The body that follows a request.
    package var requestBody: HTTPBodyFraming { statedBody ?? .none }

    /// The body that follows a response to a request with `method`.
    package func responseBody(toMethod method: String) -> HTTPBodyFraming {
        guard case .response(_, let status, _) = startLine else { return .none }
        if method == "HEAD" || status < 200 || status == 204 || status == 304 { return .none }
        return statedBody ?? .untilEnd
    }

    private var statedBody: HTTPBodyFraming? {
        if let coding = fields.list(.transferEncoding).last {
            // Any other coding ends with the connection, whatever length is stated too.
            return HTTPText.equalsIgnoringCase(coding, "chunked") ? .chunked : .untilEnd
        }
        // Equal repeated lengths are one (RFC 9110 §8.6).
        guard let text = fields.list(.contentLength).first,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = UInt64(text)
        else { return nil }
        return length == 0 ? HTTPBodyFraming.none : .length(length)
    }
}
