/// What was captured of a head that is not whole.
package struct HTTPHeadPart {
    /// Its first line, with those of its fields that were captured whole; `nil` where the first line was not.
    package let head: HTTPHead?
    package let gap: HTTPHeadGap
    /// Whether one of the fields is WebSocket's own, or names it.
    package let namesWebSocket: Bool
    /// Whether that shows that it is a request's, whatever its first line was.
    package let isRequest: Bool
}
