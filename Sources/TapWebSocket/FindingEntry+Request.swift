extension FindingEntry {
    static let requestMethod = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the upgrade request is not a GET",
        """
        An opening handshake is a GET request. A server that follows the RFC refuses every other method. Look at \
        what built the request: hand-written clients and load balancer health checks are the usual cause. (Over \
        HTTP/2 and HTTP/3 the method is CONNECT, RFC 8441 and RFC 9220.)
        """)

    static let requestTargetInvalid = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the request target is neither a path nor an absolute http or https URI, or it has a fragment",
        """
        A client asks for the resource name of its URL: the path, which begins with a slash, and the query. It may \
        also send the whole URL, but then as http or https; some proxies take ws, too, and servers need not. A \
        fragment (`#`) never leaves the client (RFC 6455 §3). Look for a client that puts together its request by \
        hand, or passes on a URL that it was given.
        """)

    static let requestHTTPVersion = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the upgrade request is below HTTP/1.1",
        """
        Upgrade exists only from HTTP/1.1 on. The usual cause is a reverse proxy that talks HTTP/1.0 to its backend: \
        nginx needs `proxy_http_version 1.1`.
        """)

    static let requestHostMissing = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the upgrade request has no Host",
        """
        Every HTTP/1.1 request needs exactly one Host field; virtual hosting and origin checks depend on it. Look at \
        the client, or at a proxy that rebuilds the request.
        """)

    static let requestUpgradeMissing = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the request has WebSocket fields, but no `Upgrade: websocket`",
        """
        Upgrade is a hop-by-hop field: a proxy that is not configured for WebSocket drops it and passes the rest on, \
        and the server sees an ordinary GET. In nginx: `proxy_set_header Upgrade $http_upgrade`.
        """)

    static let requestConnectionUpgradeMissing = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the upgrade request's Connection does not list `upgrade`",
        """
        Without `Connection: Upgrade` the Upgrade field means nothing. Proxies replace Connection by `close` or \
        `keep-alive` by default. In nginx: `proxy_set_header Connection upgrade`.
        """)

    static let requestKeyMissing = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the upgrade request has no Sec-WebSocket-Key",
        """
        The key is what the server proves to have read. A request without it comes from no WebSocket client: look \
        for a hand-made request, a port scanner, or a draft older than hybi-04.
        """)

    static let requestKeyRepeated = FindingEntry(
        .error, "RFC 6455 §11.3.1",
        "the upgrade request has more than one Sec-WebSocket-Key",
        """
        The field must not appear twice. The server may have computed its answer from either key. Look for a proxy \
        or a client library that adds headers to those that are there.
        """)

    static let requestKeyInvalid = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the Sec-WebSocket-Key is not the base64 of 16 bytes",
        """
        The key is a nonce of 16 random bytes in base64, 24 characters with `==` at the end. Strict servers answer \
        400. Hand-written clients that send a plain word, or a hex string, are the usual cause.
        """)

    static let requestKeyNotCanonical = FindingEntry(
        .warning, "RFC 4648 §3.5",
        "the Sec-WebSocket-Key is base64 with stray bits at its end",
        """
        16 bytes leave four bits of the last character unused, and an encoder sets them to zero. Strict decoders \
        refuse anything else, lenient ones do not see it. Keys that were typed by hand or cut out of a longer text \
        are the usual cause.
        """)

    static let requestKeyReused = FindingEntry(
        .warning, "RFC 6455 §4.1",
        "the key was used by an earlier connection",
        """
        The key is a nonce, chosen at random for each connection; without that a cache or a replayed answer cannot \
        be told from a real one. The usual cause is a key that is written into a script or a load generator. A proxy \
        that tries a request again also repeats its key.
        """)

    static let requestVersionMissing = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the upgrade request has no Sec-WebSocket-Version",
        """
        The field must be there and be 13. Servers answer 400 or 426 where it is not. A proxy that filters unknown \
        fields, or a client older than RFC 6455, are the usual causes.
        """)

    static let requestVersionUnsupported = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the Sec-WebSocket-Version is neither 13 nor a draft's",
        """
        13 is the only version of RFC 6455. The server answers 426 with the versions that it speaks. Look at what \
        built the request: no library in use sends another number.
        """)

    static let requestVersionDraft = FindingEntry(
        .error, "RFC 6455 §4.1",
        "the client speaks a draft older than RFC 6455",
        """
        Before the RFC of December 2011 there were hixie-76, with the fields Sec-WebSocket-Key1 and -Key2 and a \
        challenge in the body, and hybi-00 to hybi-17; version 7 and 8 were those of browsers of 2011, with nearly \
        today's frames. Servers of today answer 400 or 426. The client is very old, or a scanner.
        """)

    static let requestProtocolRepeated = FindingEntry(
        .error, "RFC 6455 §4.1",
        "a subprotocol is offered more than once",
        """
        All elements of Sec-WebSocket-Protocol must be different. Look for code that adds a default subprotocol to a \
        list that has it already.
        """)

    static let requestProtocolMalformed = FindingEntry(
        .error, "RFC 6455 §4.1",
        "an offered subprotocol is no token",
        """
        The names are tokens: no spaces, slashes, quotes, commas or the like, and at least one. Clients that put a \
        URL or a bearer token with `=` into the field are the usual cause; some servers take it, others answer 400.
        """)

    static let requestExtensionsMalformed = FindingEntry(
        .error, "RFC 6455 §9.1",
        "the offered extensions break the grammar",
        """
        The field is a list of `name; parameter=value`. The server must answer 400, or fail the connection. Look for \
        a hand-written client, or a proxy that joins fields with something other than a comma.
        """)

    static let requestDeflateInvalid = FindingEntry(
        .error, "RFC 7692 §7.1",
        "an offer of permessage-deflate has an invalid parameter",
        """
        The parameters are server_no_context_takeover and client_no_context_takeover without a value, \
        server_max_window_bits and client_max_window_bits with 8 to 15, each at most once. The server must decline \
        such an offer, so the connection is not compressed.
        """)
}
