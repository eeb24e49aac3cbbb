extension FindingEntry {
    static let pingUnanswered = FindingEntry(
        .warning, "RFC 6455 §5.5.2",
        "a ping was never answered, though there was time",
        """
        Who gets a ping must send a pong with the same bytes, unless the connection is closing; a pong answers the \
        pings before it, too (RFC 6455 §5.5.3). Told once for each side, where it sent other data at least five \
        seconds later, or was sent three more pings, and nothing of what it sent over that time is missing. Pongs \
        with other bytes are legal and answer nothing; the evidence counts them. The other side mostly takes the \
        connection for dead and closes it. Look for a client that reads only when it expects something, and for \
        intermediaries that drop control frames.
        """)
}
