extension FindingEntry {
    static let httpBareLineFeed = FindingEntry(
        .warning, "RFC 9112 §2.2",
        "a line of the head ends without a carriage return",
        """
        Lines end in CR LF. Many parsers take LF alone, others do not, and that difference is what request smuggling \
        is made of. Look for a hand-written client or server, often a shell script.
        """)

    static let httpFoldedLine = FindingEntry(
        .error, "RFC 9112 §5.2",
        "a header field goes on in the next line",
        """
        Line folding was given up in 2014 and must not be sent. Servers answer 400, or join the lines; old mail code \
        that builds the head is the usual cause.
        """)

    static let httpSpaceBeforeColon = FindingEntry(
        .error, "RFC 9112 §5.1",
        "white space stands before a field's colon",
        """
        A server must answer 400, because two parsers may read such a field differently; a proxy must take the space \
        away. Look for hand-written heads.
        """)

    static let httpLineMalformed = FindingEntry(
        .error, "RFC 9112 §5",
        "a line of the head is no header field",
        """
        Each line after the first is `name: value`. Look for code that writes a body, a log line or an empty name \
        into the head.
        """)

    static let httpAfterUpgrade = FindingEntry(
        .error, "RFC 6455 §5.2",
        "what follows the upgrade is not WebSocket frames, but another protocol",
        """
        Where a frame must begin there is an HTTP response or request, a chunk's size, or a TLS record; the detail shows \
        it. The rest of that direction is not decoded. Look for two handlers of one upgrade on a server, a proxy that \
        writes an error page into the connection (408, 502) or wraps frames in chunks, and a client that uses the \
        connection again.
        """)
}
