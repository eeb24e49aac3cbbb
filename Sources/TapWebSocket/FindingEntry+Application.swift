/// What messages say in their protocols. RFC 6455 §1.9 has subprotocols, docs/subprotocols.md the rules of each.
extension FindingEntry {
    static let applicationError = FindingEntry(
        .warning, "RFC 6455 §1.9",
        "the protocol inside the messages says that a request failed",
        """
        A peer said so in the protocol's own way: an error object of JSON-RPC, a CALLERROR of OCPP, a CONNACK of MQTT \
        that refuses, an ERROR of STOMP, an error of GraphQL. WebSocket itself is fine. The evidence names the protocol, \
        and the detail has the code and the text; reply_to in the message's record leads to what was asked.
        """)

    static let applicationUnanswered = FindingEntry(
        .warning, "RFC 6455 §1.9",
        "a request that demands an answer never had one",
        """
        Its protocol demands an answer to this kind of request, and the connection ended without, longer after it than \
        an answer may take (--slow). Only said where both directions are captured whole up to the end. A request that \
        is still open when the capture ends is pending, not unanswered. Look for a handler that fails silently, and \
        for answers that were sent on another connection.
        """)

    static let applicationSlow = FindingEntry(
        .note, "RFC 6455 §1.9",
        "an answer took long",
        """
        From the last byte of the request to the last byte of its answer it took longer than --slow says, a second \
        by default. The time is that of the machine that captured: far from the server, it has the network \
        in it. Where one call is slow, look at what its handler waits for; where all are, at the network and the queue.
        """)

    static let applicationDuplicateID = FindingEntry(
        .warning, "RFC 6455 §1.9",
        "an id is used again while the first request with it is open",
        """
        Answers name requests by their ids, so that nobody can tell which of the two an answer belongs to. What the \
        protocol itself sends again, as MQTT with DUP, does not count. Look for a counter that starts anew, and for \
        several parts of a program that count apart.
        """)

    static let applicationHeartbeatMissed = FindingEntry(
        .warning, "RFC 6455 §1.9",
        "a peer was silent for longer than both had agreed",
        """
        The peers agreed how often each says something: by a keep-alive, a heart-beat header, a ping interval. The \
        sender of the finding did not, for the time in the detail, while all that it sent was captured. The other peer \
        may take the connection for dead. Look for an event loop that is blocked, a browser's tab in the background, \
        a machine that slept.
        """)

    static let applicationMalformed = FindingEntry(
        .note, "RFC 6455 §1.9",
        "a message does not parse as the protocol of its connection",
        """
        The subprotocol or earlier messages say which protocol this is, and the message is not of it; the detail says \
        why and at which byte. At most 32 are reported per connection. Look for a client of another version, text sent \
        as it is where the protocol wants a frame, and for a guess that is wrong: --decode-as chooses the protocol.
        """)
}
