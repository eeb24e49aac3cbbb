extension FindingID {
    /// A paragraph: what it means, what usually causes it, what to look at next.
    public var explanation: String {
        switch self {
        case .requestMethod:
            """
            An opening handshake is a GET request. A server that follows the RFC refuses every other method. Look at \
            what built the request: hand-written clients and load balancer health checks are the usual cause. (Over \
            HTTP/2 the method is CONNECT, RFC 8441; that is another protocol.)
            """
        case .requestHTTPVersion:
            """
            Upgrade exists only from HTTP/1.1 on. The usual cause is a reverse proxy that talks HTTP/1.0 to its \
            backend: nginx needs `proxy_http_version 1.1`.
            """
        case .requestHostMissing:
            """
            Every HTTP/1.1 request needs exactly one Host field; virtual hosting and origin checks depend on it. \
            Look at the client, or at a proxy that rebuilds the request.
            """
        case .requestUpgradeMissing:
            """
            Upgrade is a hop-by-hop field: a proxy that is not configured for WebSocket drops it and passes the rest \
            on, and the server sees an ordinary GET. In nginx: `proxy_set_header Upgrade $http_upgrade`.
            """
        case .requestConnectionUpgradeMissing:
            """
            Without `Connection: Upgrade` the Upgrade field means nothing. Proxies replace Connection by `close` or \
            `keep-alive` unless told otherwise. In nginx: `proxy_set_header Connection upgrade`.
            """
        case .requestKeyMissing:
            """
            The key is what the server proves to have read. A request without it comes from no WebSocket client: \
            look for a hand-made request, a port scanner, or a draft older than hybi-04.
            """
        case .requestKeyRepeated:
            """
            The field must not appear twice. The server may have computed its answer from either key. Look for a \
            proxy or a client library that adds headers to those that are there.
            """
        case .requestKeyInvalid:
            """
            The key is a nonce of 16 random bytes in base64, 24 characters with `==` at the end. Strict servers \
            answer 400. Hand-written clients that send a plain word, or a hex string, are the usual cause.
            """
        case .requestVersionMissing:
            """
            The field must be there and be 13. Servers answer 400 or 426 where it is not. A proxy that filters \
            unknown fields, or a client older than RFC 6455, are the usual causes.
            """
        case .requestVersionUnsupported:
            """
            13 is the only version of RFC 6455; 0 to 12 were drafts, 7 and 8 were used by browsers of 2011. The \
            server answers 426 with the versions that it speaks.
            """
        case .responseAcceptMissing:
            """
            The client must fail the connection: nothing shows that the server read its key. The server is no \
            WebSocket server, or a proxy dropped the field.
            """
        case .responseAcceptWrong:
            """
            The value must be base64(SHA-1(key + 258EAFA5-E914-47DA-95CA-C5AB0DC85B11)). The client must fail the \
            connection. Usual causes: hashing the decoded key instead of its text, white space around the key, hex \
            in place of base64, a wrong GUID, or a cache that answered with another connection's response.
            """
        case .responseAcceptRepeated:
            """
            The field must appear once. Clients differ in which one they check, so the same server works with one \
            and fails with another. Look for a proxy and a backend that both answer the handshake.
            """
        case .responseUpgradeMissing:
            """
            The client must fail the connection. Look for a proxy that strips hop-by-hop fields from responses.
            """
        case .responseConnectionUpgradeMissing:
            """
            The client must fail the connection. Look for a proxy that rewrites Connection.
            """
        case .responseProtocolNotOffered:
            """
            The client must fail the connection. Often the server sends a default subprotocol to every client, or \
            compares names without regard to case: they are case-sensitive.
            """
        case .responseProtocolRepeated:
            """
            A server takes one of the offered subprotocols, or none. Echoing the client's whole list back is the \
            usual mistake.
            """
        case .responseExtensionNotOffered:
            """
            The client must fail the connection. Look for a proxy that drops Sec-WebSocket-Extensions from the \
            request, but not from the response.
            """
        case .handshakeRefused:
            """
            Any status but 101 means that the connection is no WebSocket. The status says why: 3xx redirects that \
            browsers do not follow, 400 a malformed request, 401 and 403 access, 404 a wrong path, 426 another \
            version, 502 and 503 a proxy without a backend, 200 a server that does not know WebSocket at this path.
            """
        case .handshakeUnanswered:
            """
            The request is there, and nothing came back before the connection or the capture ended. The server may \
            have been slow or have dropped the connection, or the capture sees one direction only.
            """
        case .frameClientUnmasked:
            """
            Every client frame must be masked; the server must close the connection with 1002. A client library that \
            is really a server's, or hand-written framing, are the usual causes.
            """
        case .frameServerMasked:
            """
            Server frames are never masked; the client must close the connection with 1002. Look for server code \
            that shares the client's framing.
            """
        case .frameReservedBits:
            """
            RSV1 to RSV3 belong to extensions. RSV1 without permessage-deflate in the handshake usually means that \
            one peer believes that compression was agreed on. The receiver must fail the connection.
            """
        case .frameReservedOpcode:
            """
            Opcodes 3 to 7 and 11 to 15 have no meaning; the receiver must fail the connection. Where they come \
            suddenly, the sender has lost its own frame boundaries, or wrote something else into the socket.
            """
        case .frameLengthNotMinimal:
            """
            The shortest form must be used. Strict peers close with 1002. Hand-written framing that always takes 16 \
            or 64 bits is the usual cause.
            """
        case .frameLengthImpossible:
            """
            No frame can be that long, so where the next one begins cannot be told: this direction is not decoded \
            any further. The sender has most likely written something other than a frame.
            """
        case .frameControlTooLong:
            """
            Close, ping and pong hold at most 125 bytes of payload. A close reason that grew too long (an \
            exception's text, for example) is the usual cause.
            """
        case .frameControlFragmented:
            """
            Close, ping and pong are single frames, FIN is always set. The receiver must fail the connection.
            """
        case .frameContinuationUnexpected:
            """
            No message was begun in this direction. The sender may have lost count, or a frame before it is missing \
            from the capture.
            """
        case .frameMessageInterrupted:
            """
            The fragments of one message must follow each other; only control frames may come between. Two threads \
            that write to one socket without a lock are the usual cause.
            """
        case .frameAfterClose:
            """
            After a close frame its sender must not send anything more. Look for a writer that does not know that \
            the connection is closing.
            """
        case .closeCodeInvalid:
            """
            1004, 1005, 1006 and 1015 are never on the wire, codes below 1000 and from 5000 on do not exist, and \
            those up to 2999 belong to the protocol itself. Code of one's own belongs into 3000 to 4999. Echoing \
            1005 or 1006 from a library's event is the usual mistake.
            """
        case .closeBodyTooShort:
            """
            A body is either empty or begins with a code of two bytes. The receiver must fail the connection.
            """
        case .closeReasonNotUTF8:
            """
            A reason cut at 123 bytes in the middle of a character is the usual cause.
            """
        case .captureBytesMissing:
            """
            The peers exchanged these bytes, but no packet of the capture holds them: it dropped packets, it was cut \
            by its snapshot length, or it sees one path only. Frames that they held are shown as incomplete, or not \
            at all.
            """
        case .captureMidstream:
            """
            The capture began after the handshake, so the connection was recognised by its frames: both directions \
            consist of whole, correct frames, one masked, the other not. What was negotiated is not known: \
            reserved bits are not judged, and compressed messages stay compressed. Capture from the beginning of \
            the connection to see its handshake.
            """
        case .captureSyncLost:
            """
            Bytes are missing between two frames, or a length was impossible. What this direction sent afterwards is \
            counted, not decoded; the other direction is decoded as before.
            """
        case .captureLimitReached:
            """
            To keep its memory bounded, the analysis gave up on something that grew too large; the evidence names \
            the limit. Options raise most limits.
            """
        }
    }
}
