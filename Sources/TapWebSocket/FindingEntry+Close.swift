extension FindingEntry {
    static let closeCodeInvalid = FindingEntry(
        .error, "RFC 6455 §7.4",
        "the close code must not be sent",
        """
        1004, 1005, 1006 and 1015 are never on the wire, codes below 1000 and from 5000 on do not exist, and those \
        from 1016 to 2999 are not assigned. A code of one's own belongs into 3000 to 4999. Passing on the 1005 or \
        1006 of a library's event is the usual mistake.
        """)

    static let closeCodeNotForServer = FindingEntry(
        .warning, "RFC 6455 §7.4.1",
        "the server sent close code 1010",
        """
        1010 is the client's complaint that the server did not agree to an extension. A server that misses one \
        refuses the handshake instead.
        """)

    static let closeBodyTooShort = FindingEntry(
        .error, "RFC 6455 §5.5.1",
        "the close frame has a body of one byte",
        """
        A body is either empty or begins with a code of two bytes. The receiver must fail the connection.
        """)

    static let closeReasonNotUTF8 = FindingEntry(
        .error, "RFC 6455 §5.5.1",
        "the close frame's reason is not UTF-8",
        """
        A reason cut at 123 bytes in the middle of a character is the usual cause.
        """)

    static let closeUnanswered = FindingEntry(
        .warning, "RFC 6455 §5.5.1",
        "a close frame was not answered",
        """
        The peer must answer a close frame with one of its own; here TCP ended without it. The detail says who ended \
        it: where the peer did, it broke the closing handshake; where the sender did, it did not wait. Its \
        application most likely saw 1006.
        """)

    static let closeMissing = FindingEntry(
        .warning, "RFC 6455 §7.1.1",
        "the connection ended without a close frame",
        """
        Neither peer said why: to both applications this is 1006. A FIN means that a process ended its socket or was \
        stopped, or that a proxy's idle timeout struck; a RST that a peer crashed, that data came to a closed \
        socket, or that a firewall forgot the connection. The connection's idle time before it tells much.
        """)

    static let closeInFrame = FindingEntry(
        .warning, "RFC 6455 §5.2",
        "TCP ended in the middle of a frame",
        """
        The frame's length promised more. The sender was stopped while it wrote, or computed the length wrongly; in \
        the latter case it shows on every connection.
        """)

    static let closeAbnormal = FindingEntry(
        .warning, "RFC 6455 §7.4.1",
        "the connection was closed because something failed",
        """
        The first close frame says so by its code, and the finding names who sent it; that is not always who is at fault. \
        1011 mostly means that an exception ended the server's handler: its log has it. 1002, 1003, 1007 and 1009 complain \
        of what the other side sent, 1008 of a rule of the application's own, as a login that has expired; 1012 and 1013 come \
        from a server that restarts or has too much to do, and 1014 from a proxy. Codes from 3000 on belong to libraries and \
        applications, which alone know what they mean: they are a note.
        """)
}
