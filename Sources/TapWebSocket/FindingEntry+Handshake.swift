extension FindingEntry {
    static let handshakeRefused = FindingEntry(
        .note, "RFC 6455 §4.2.2",
        "the server did not switch protocols",
        """
        Any status but 101 means that the connection is no WebSocket; the detail says what this one usually means. \
        3xx: WebSocket clients do not follow redirects unless told to. 400: a malformed request. 401 and 403: \
        access, often the Origin. 404: a wrong path. 426: another version. 502 and 503: a proxy without a backend. \
        200: something at this path that does not know WebSocket.
        """)

    static let handshakeUnanswered = FindingEntry(
        .warning, "RFC 6455 §4.1",
        "the upgrade request was not answered, or not to the end of a response",
        """
        The server ended the connection without a whole response, the client gave up waiting for one, or what came was \
        not HTTP. Only said where all that the server sent was captured, up to its end. Look for a server or proxy that \
        drops such requests, or crashes.
        """)

    static let handshakeDataEarly = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the client sent data before the server's answer",
        """
        The client must wait for the 101. Where the server refuses, the data would be read as HTTP; behind a proxy \
        it is often lost. Look for a client that does not wait for its own handshake.
        """)

    static let handshakeSlow = FindingEntry(
        .note, "RFC 6455 §4.2.2",
        "the server took long to answer the upgrade request",
        """
        From the last byte of the request to the last byte of the response it took longer than --slow says, a second \
        by default. No rule sets a limit, but people wait meanwhile. Look for what a server does before it \
        answers: logins, look-ups, a cold start; and for proxies that connect to a backend first.
        """)
}
