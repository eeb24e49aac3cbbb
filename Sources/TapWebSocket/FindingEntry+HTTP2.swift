extension FindingEntry {
    static let h2ConnectNotEnabled = FindingEntry(
        .error, "RFC 8441 §3",
        "the client sent an extended CONNECT that the server had not enabled",
        """
        A client may use :protocol only after the server has sent SETTINGS_ENABLE_CONNECT_PROTOCOL with 1. A server that \
        does not know it refuses the stream, or takes the request for one to an ordinary proxy. Look for a client that does \
        not wait for SETTINGS, and for a proxy in front that does not know RFC 8441. Only said where all that the server had sent was \
        captured.
        """)

    static let h2PseudoFields = FindingEntry(
        .error, "RFC 9113 §8.3",
        "pseudo-fields are missing, repeated, unknown or in the wrong place",
        """
        The request for a WebSocket has :method CONNECT, :protocol websocket, :scheme, :authority and :path, each once and \
        before all other fields (RFC 8441 §4); Host may stand for :authority. The response has :status alone. Peers must \
        treat anything else as malformed, and reset the stream. Look for a client or proxy that makes up its own header \
        blocks.
        """)

    static let h2ConnectionField = FindingEntry(
        .error, "RFC 9113 §8.2.2",
        "a head in a stream has a field that only HTTP/1.1 knows",
        """
        Connection, Upgrade, Keep-Alive, Proxy-Connection and Transfer-Encoding have no meaning in HTTP/2, and make a head \
        malformed. Upgrade in a request shows somebody who asks for WebSocket as in HTTP/1.1; in HTTP/2 that is an extended \
        CONNECT. Look for a proxy that copies fields from one protocol to the other.
        """)

    static let h2FieldInvalid = FindingEntry(
        .error, "RFC 9113 §8.2.1",
        "a head in a stream has a field whose name or value no field may have",
        """
        Names have no capital letters, spaces or control characters, values no line breaks, NUL, or white space at their \
        ends. Peers must treat such a head as malformed, since a proxy that turns it into HTTP/1.1 would let others \
        smuggle fields. Look for a client that takes names as they were written.
        """)

    static let h2Status101 = FindingEntry(
        .error, "RFC 9113 §8.6",
        "the server answered with 101 in a stream of HTTP/2",
        """
        HTTP/2 has no 101: an extended CONNECT is accepted with 2xx. Clients treat the response as malformed. Look for a \
        server or proxy that answers as in HTTP/1.1.
        """)

    static let h2StatusNot200 = FindingEntry(
        .note, "RFC 8441 §5",
        "the server accepted the stream with another status than 200",
        """
        Any 2xx accepts an extended CONNECT, but browsers take 200 alone, as the Fetch standard says. Look at what the \
        server chooses its status by.
        """)

    static let h2FrameInvalid = FindingEntry(
        .error, "RFC 9113 §6",
        "a frame of HTTP/2 or HTTP/3 breaks a rule of its kind",
        """
        The detail says which: a length, a stream number, a setting, an order that cannot be, a header block that does not \
        decode, in HTTP/3 also a stream that is there twice, is closed, or is missing. Peers end the stream or the whole connection for it, and all its sockets. Only said where every frame \
        before was captured. Look at who sent it; proxies that lose count do so.
        """)

    static let h2WindowExceeded = FindingEntry(
        .error, "RFC 9113 §6.9.1",
        "a peer sent more data than its peer's window allowed",
        """
        Each side says how many bytes it will take, for each stream and in all. Who sends more is cut off with \
        FLOW_CONTROL_ERROR. Only said where every frame of both sides was captured. Look for a proxy that forwards without \
        counting.
        """)

    static let h2FlowControlWait = FindingEntry(
        .note, "RFC 9113 §5.2",
        "a window was exhausted, and nothing could be sent meanwhile",
        """
        A peer did not take what was sent to it, so that the other could send no more for the reported time. That is how \
        slow readers are meant to slow down fast writers, but what there is to send waits meanwhile; and where the window \
        of the connection is exhausted, on all its sockets. Look at what the reader does, and at its window, which is \
        65,535 bytes unless it says otherwise.
        """)
}
