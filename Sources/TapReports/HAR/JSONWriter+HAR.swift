import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

extension JSONWriter {
    mutating func write(_ entry: HAREntry) {
        let handshake = entry.handshake
        let start = handshake.request?.time ?? handshake.time
        // Of packets that the capture holds in another order the times may run backwards.
        let answer = max(start, handshake.response?.time ?? start)
        let end = max(answer, entry.end?.closed ?? answer)
        beginObject()
        member("startedDateTime", TimeText.microseconds(start))
        member("time", milliseconds: end.since(start))
        writeHAR(request: handshake)
        writeHAR(response: handshake)
        beginObject("cache")
        endObject()
        beginObject("timings")
        // A capture tells nothing of what came before the request.
        for name: StaticString in ["blocked", "dns", "connect", "ssl"] { member(name, signed: -1) }
        member("send", signed: 0)
        member("wait", milliseconds: answer.since(start))
        member("receive", milliseconds: end.since(answer))
        endObject()
        member("serverIPAddress", handshake.server.address.description)
        member("connection", "\(handshake.connection)")
        member("comment", entry.comment)
        // What DevTools shows as the connection's ID.
        member("_connectionId", "\(handshake.connection)")
        member("_resourceType", "websocket")
        member("_communityId", CommunityID.text(of: handshake))
        member("_verdict", handshake.verdict.rawValue)
        member("_findings", entry.findings.lazy.map(\.rawValue))
        if let close = entry.end?.close.body, let code = close.code {
            member("_closeCode", code.rawValue)
            member("_closeReason", close.reason)
        }
        beginArray("_webSocketMessages")
        append(entry.messages)
        endArray()
        endObject()
    }

    private mutating func writeHAR(request handshake: Handshake) {
        beginObject("request")
        var (method, target, version) = ("GET", "/", "HTTP/1.1")
        if case .request(let sentMethod, let sentTarget, let sentVersion) = handshake.request?.startLine {
            (method, target, version) = (sentMethod, sentTarget, sentVersion)
        }
        let host = handshake.request?.host ?? handshake.server.description
        let parts = RequestTarget(target)
        member("method", method)
        member("url", HARAddress.text(parts, host: host, isSecure: handshake.tls != nil))
        member("httpVersion", version)
        let fields = handshake.request?.fields ?? HTTPFields()
        writeCookies(HTTPCookie.sent(in: fields))
        writeHeaders(fields)
        beginArray("queryString")
        for parameter in parts.parameters { pair(parameter.name, parameter.value) }
        endArray()
        member("headersSize", signed: -1)
        member("bodySize", signed: handshake.request == nil ? -1 : 0)
        endObject()
    }

    private mutating func writeHAR(response handshake: Handshake) {
        beginObject("response")
        var (version, status, reason) = ("HTTP/1.1", 0, "")
        if case .response(let sentVersion, let sentStatus, let sentReason) = handshake.response?.startLine {
            (version, status, reason) = (sentVersion, sentStatus, sentReason)
        }
        let fields = handshake.response?.fields ?? HTTPFields()
        let length = fields["Content-Length"].first.flatMap { Int($0) } ?? 0
        let isSwitch = handshake.isAgreed
        member("status", signed: status)
        member("statusText", reason)
        member("httpVersion", version)
        writeCookies(HTTPCookie.set(in: fields))
        writeHeaders(fields)
        beginObject("content")
        member("size", signed: isSwitch ? 0 : max(0, length))
        member("mimeType", fields["Content-Type"].first ?? "x-unknown")
        endObject()
        member("redirectURL", fields["Location"].first ?? "")
        member("headersSize", signed: -1)
        member("bodySize", signed: isSwitch ? 0 : -1)
        endObject()
    }

    private mutating func writeHeaders(_ fields: HTTPFields) {
        beginArray("headers")
        for field in fields.all { pair(field.name, field.value) }
        endArray()
    }

    private mutating func writeCookies(_ cookies: [HTTPCookie]) {
        beginArray("cookies")
        for cookie in cookies {
            beginObject()
            member("name", cookie.name)
            member("value", cookie.value)
            member("path", cookie.path)
            member("domain", cookie.domain)
            if cookie.isHTTPOnly { member("httpOnly", true) }
            if cookie.isSecure { member("secure", true) }
            endObject()
        }
        endArray()
    }

    private mutating func pair(_ name: String, _ value: String) {
        beginObject()
        member("name", name)
        member("value", value)
        endObject()
    }
}
