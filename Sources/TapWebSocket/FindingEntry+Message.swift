extension FindingEntry {
    static let messageNotUTF8 = FindingEntry(
        .error, "RFC 6455 §8.1",
        "a text message is not UTF-8",
        """
        The receiver must fail the connection, with 1007. The evidence holds the offset in the message. Latin-1 \
        text, binary data sent as text, a string cut in the middle of a character, and surrogates in JSON made by \
        hand are the usual causes.
        """)

    static let messageUnfinished = FindingEntry(
        .warning, "RFC 6455 §5.4",
        "the sender ended in the middle of a message",
        """
        Fragments were sent, and a close frame or the end of the connection came in place of the last one: the \
        receiver never sees the message. Look for a stream that failed while it was being sent.
        """)

    static let messageInflateFailed = FindingEntry(
        .error, "RFC 7692 §6.2",
        "a compressed message does not inflate",
        """
        The bytes are no valid DEFLATE data for what was agreed on; the receiver must fail the connection. Peers \
        that disagree on context takeover or on the window, a message compressed twice over, and a lost context \
        after a reconnect are the usual causes.
        """)

    static let messageInflateLimited = FindingEntry(
        .warning, "RFC 7692 §8",
        "a compressed message inflates beyond a limit",
        """
        A few bytes that become very many are either very regular data or an attack on the receiver's memory. The \
        rest of the message is not inflated. The evidence names the limit; options raise it.
        """)

    static let messageNotInflated = FindingEntry(
        .note, "RFC 7692 §7.2.2",
        "a compressed message cannot be inflated with what the capture holds",
        """
        With context takeover a message refers to those before it, and some of them are not in the capture or did \
        not inflate. Messages that stand by themselves are inflated all the same. Reported once for each time that the \
        context was lost.
        """)

    static let messageWindowExceeded = FindingEntry(
        .error, "RFC 7692 §7.2.1",
        "a compressed message refers back beyond the window that was agreed on",
        """
        With client_max_window_bits or server_max_window_bits agreed, the sender must not refer back further than \
        that many bits allow. A receiver that keeps no more cannot inflate the message, and fails the connection \
        with 1007, though it is in the right; one that keeps more never sees it. Look for a sender that answers the \
        parameter without telling its compressor.
        """)
}
