extension FindingEntry {
    static let frameClientUnmasked = FindingEntry(
        .error, "RFC 6455 §5.1",
        "the client sent a frame without a mask",
        """
        Every client frame must be masked; the server must close the connection with 1002. A client library that is \
        really a server's, or hand-written framing, are the usual causes.
        """)

    static let frameServerMasked = FindingEntry(
        .error, "RFC 6455 §5.1",
        "the server sent a masked frame",
        """
        Server frames are never masked; the client must close the connection with 1002. Look for server code that \
        shares the client's framing.
        """)

    static let frameReservedBits = FindingEntry(
        .error, "RFC 6455 §5.2",
        "a reserved bit is set that no negotiated extension explains",
        """
        RSV1 to RSV3 belong to extensions. RSV1 without permessage-deflate in the handshake usually means that one \
        peer believes that compression was agreed on: look for a proxy that changed Sec-WebSocket-Extensions on one \
        side only. The receiver must fail the connection.
        """)

    static let frameCompressionBitMisplaced = FindingEntry(
        .error, "RFC 7692 §6.1",
        "RSV1 is set on a frame that cannot say whether a message is compressed",
        """
        permessage-deflate was agreed on, and RSV1 belongs to the first frame of a message alone: not to its \
        continuations, not to control frames. The receiver must fail the connection. Framing code that sets the bit \
        on every frame is the usual cause.
        """)

    static let frameReservedOpcode = FindingEntry(
        .error, "RFC 6455 §5.2",
        "the opcode is reserved",
        """
        Opcodes 3 to 7 and 11 to 15 have no meaning; the receiver must fail the connection. Where they come \
        suddenly, the sender has lost its own frame boundaries, or wrote something else into the socket.
        """)

    static let frameLengthNotMinimal = FindingEntry(
        .error, "RFC 6455 §5.2",
        "the length takes more bytes than it needs",
        """
        The shortest form must be used. Strict peers close with 1002. Hand-written framing that always takes 16 or \
        64 bits is the usual cause.
        """)

    static let frameLengthImpossible = FindingEntry(
        .error, "RFC 6455 §5.2",
        "the 64-bit length has its top bit set",
        """
        No frame can be that long, so where the next one begins cannot be told: this direction is not decoded any \
        further. The sender has most likely written something other than a frame.
        """)

    static let frameControlTooLong = FindingEntry(
        .error, "RFC 6455 §5.5",
        "a control frame has more than 125 bytes",
        """
        Close, ping and pong hold at most 125 bytes of payload. A close reason that grew too long (an exception's \
        text, for example) is the usual cause.
        """)

    static let frameControlFragmented = FindingEntry(
        .error, "RFC 6455 §5.5",
        "a control frame is fragmented",
        """
        Close, ping and pong are single frames, FIN is always set. The receiver must fail the connection.
        """)

    static let frameContinuationUnexpected = FindingEntry(
        .error, "RFC 6455 §5.4",
        "a continuation frame continues nothing",
        """
        No message was begun in this direction. The sender may have lost count, or a frame before it is missing from \
        the capture.
        """)

    static let frameMessageInterrupted = FindingEntry(
        .error, "RFC 6455 §5.4",
        "a new message begins inside an unfinished one",
        """
        The fragments of one message must follow each other; only control frames may come between. Two threads that \
        write to one socket without a lock are the usual cause.
        """)

    static let frameAfterClose = FindingEntry(
        .error, "RFC 6455 §5.5.1",
        "a frame follows the sender's own close frame",
        """
        After a close frame its sender must not send anything more. Look for a writer that does not know that the \
        connection is closing.
        """)

    static let frameMaskingKeyZero = FindingEntry(
        .warning, "RFC 6455 §5.3",
        "the masking key is zero",
        """
        The payload passes as it is. A random key is zero once in four thousand million frames, so the client does \
        not really mask: it saves the work, which the RFC does not allow, since the key must be unpredictable. \
        Reported once per connection.
        """)

    static let frameMaskingKeyRepeated = FindingEntry(
        .warning, "RFC 6455 §5.3",
        "two frames in a row have the same masking key",
        """
        Each frame needs a fresh, unpredictable key. A client that uses one key for all frames gives an attacker who \
        chooses the payload the choice of the bytes on the wire. Reported once per connection.
        """)

    static let streamOutOfStep = FindingEntry(
        .error, "RFC 6455 §5.2",
        "what should be a frame is none",
        """
        From here on the bytes are no frames: neither does what looks like a frame end where a segment ends, nor does \
        a good frame follow it. Two threads that write to one socket without a lock, or a header whose payload was \
        never sent, are the usual causes. Decoding goes on with the next frames that are certain; what lies before \
        them is counted. Reported once per direction.
        """)
}

extension FindingEntry {
    static let pingUnanswered = FindingEntry(
        .warning, "RFC 6455 §5.5.2",
        "a ping was never answered, though there was time",
        """
        Who gets a ping must send a pong with the same bytes, unless the connection is closing; a pong answers the \
        pings before it, too (RFC 6455 §5.5.3). Reported once for each side, where it sent other data at least five \
        seconds later, or was sent three more pings, and nothing of what it sent over that time is missing. Pongs \
        with other bytes are legal and answer nothing; the evidence counts them. The other side mostly takes the \
        connection for dead and closes it. Look for a client that reads only when it expects something, and for \
        intermediaries that drop control frames.
        """)
}
