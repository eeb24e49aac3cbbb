extension FindingEntry {
    static let responseHTTPVersion = FindingEntry(
        .warning, "RFC 9110 §15.2",
        "the 101 is one of HTTP/1.0",
        """
        HTTP/1.0 has no status codes that begin with 1, and no Upgrade. Some clients ignore the version, others \
        fail the connection. Web servers whose version was never set are the usual cause: in Python's http.server \
        it is `protocol_version`.
        """)

    static let responseAcceptMissing = FindingEntry(
        .error, "RFC 6455 §4.2.2",
        "the 101 has no Sec-WebSocket-Accept",
        """
        The client must fail the connection: nothing shows that the server read its key. The server is no WebSocket \
        server, or a proxy dropped the field.
        """)

    static let responseAcceptWrong = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the Sec-WebSocket-Accept does not match the key",
        """
        The value must be base64(SHA-1(key + 258EAFA5-E914-47DA-95CA-C5AB0DC85B11)). The client must fail the \
        connection. Usual causes: hashing the decoded key instead of its text, white space around the key, hex in \
        place of base64, a wrong GUID, or a cache that answered with another connection's response.
        """)

    static let responseAcceptRepeated = FindingEntry(
        .error, "RFC 6455 §11.3.3",
        "the 101 has more than one Sec-WebSocket-Accept",
        """
        The field must appear once. Clients differ in which one they check, so the same server works with one and \
        fails with another. Look for a proxy and a backend that both answer the handshake.
        """)

    static let responseUpgradeMissing = FindingEntry(
        .error, "RFC 6455 §4.2.2",
        "the 101 has no `Upgrade: websocket`",
        """
        The client must fail the connection. Look for a proxy that strips hop-by-hop fields from responses.
        """)

    static let responseUpgradeWrong = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the 101's Upgrade says more than `websocket`",
        """
        HTTP allows a list in general, but the answer to a WebSocket handshake names one protocol, once. The client \
        must fail the connection, and browsers do. Look for a proxy and a backend that both add the field, or a \
        server that gives back the list of the request.
        """)

    static let responseConnectionUpgradeMissing = FindingEntry(
        .error, "RFC 6455 §4.2.2",
        "the 101's Connection does not list `upgrade`",
        """
        The client must fail the connection. Look for a proxy that rewrites Connection.
        """)

    static let responseProtocolNotOffered = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the server chose a subprotocol that the client did not offer",
        """
        The client must fail the connection. Often the server sends a default subprotocol to every client, or \
        compares names without regard to case: they are case-sensitive.
        """)

    static let responseProtocolRepeated = FindingEntry(
        .error, "RFC 6455 §11.3.4",
        "the server chose more than one subprotocol",
        """
        A server takes one of the offered subprotocols, or none. Echoing the client's whole list back is the usual \
        mistake.
        """)

    static let responseExtensionNotOffered = FindingEntry(
        .error, "RFC 6455 §9.1",
        "the server chose an extension that the client did not offer",
        """
        The client must fail the connection. Look for a proxy that drops Sec-WebSocket-Extensions from the request, \
        but not from the response.
        """)

    static let responseExtensionRepeated = FindingEntry(
        .error, "RFC 7692 §5",
        "the server chose an extension twice",
        """
        Two extensions that use the same reserved bits conflict, and one used twice conflicts with itself; the \
        client must fail the connection. Look for a proxy and a backend that both add the field.
        """)

    static let responseExtensionsMalformed = FindingEntry(
        .error, "RFC 6455 §9.1",
        "the chosen extensions break the grammar",
        """
        The field is a list of `name; parameter=value`. The client must fail the connection.
        """)

    static let responseDeflateInvalid = FindingEntry(
        .error, "RFC 7692 §7.1",
        "the chosen permessage-deflate has an invalid parameter",
        """
        The parameters are server_no_context_takeover and client_no_context_takeover without a value, \
        server_max_window_bits and client_max_window_bits with 8 to 15, each at most once. The client must fail the \
        connection.
        """)

    static let responseDeflateNotAllowed = FindingEntry(
        .error, "RFC 7692 §7.1",
        "the chosen permessage-deflate goes beyond the offer",
        """
        The server may limit the client's window only where the client offered client_max_window_bits; it must \
        confirm a server_no_context_takeover or server_max_window_bits that the client asked for, and may only lower \
        the bits. The client must fail the connection. Servers with one fixed answer for every client are the usual \
        cause.
        """)

    static let responseBodyFields = FindingEntry(
        .error, "RFC 9110 §8.6",
        "the 101 says how long its body is, and has none",
        """
        A server must not send Content-Length in a response with a status of 1xx, nor Transfer-Encoding (RFC 9112 \
        §6.1). What follows the head are frames: a client or proxy that believes these fields swallows the first \
        of them, waits for a body that never comes, or fails the connection. Frameworks that add the fields to every \
        response are the usual cause.
        """)
}
