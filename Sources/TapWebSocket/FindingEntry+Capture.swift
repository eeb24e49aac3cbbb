extension FindingEntry {
    static let captureBytesMissing = FindingEntry(
        .note, "RFC 9293 §3.4",
        "bytes of the connection are missing from the capture",
        """
        The peers exchanged these bytes, but no packet of the capture holds them: it dropped packets, or it sees one \
        path only. Frames that they held are shown as incomplete, or not at all. Capture with a larger buffer, or \
        nearer to one of the peers.
        """)

    static let captureSnaplen = FindingEntry(
        .note, "RFC 9293 §3.4",
        "packets were captured in part only",
        """
        The capture keeps only the first bytes of each packet (its snapshot length), so payloads are missing. \
        Capture again with `-s 0`. Reported once for each direction of a connection.
        """)

    static let captureMidstream = FindingEntry(
        .note, "RFC 6455 §4",
        "the connection was picked up in the middle",
        """
        The capture began after the handshake, so the connection was recognised by its frames; the evidence says how \
        many there were, and how sure that is. What was negotiated is not known: reserved bits are not judged, and a \
        compressed message is inflated only where it does not refer to messages before it. Capture from the \
        beginning of the connection to see its handshake.
        """)

    static let captureOneSided = FindingEntry(
        .note, "RFC 6455 §4",
        "the capture holds one side of the handshake only",
        """
        Request or response were not captured, so one cannot be checked against the other. Asymmetric routes, a \
        filter on one address, and a mirror port that copies one direction are the usual causes.
        """)

    static let captureDuplicated = FindingEntry(
        .note, "RFC 9293 §3.4.1",
        "the connection is a copy of another one in the capture",
        """
        The capture holds each of its packets twice: on both sides of a port, a router or an address translation. Both copies \
        begin with the same sequence number within a second, and have the same endpoints in different networks, or the same key \
        in the handshake. All totals count both; only `exchanges` in the summary counts them once. Capture at one place only, or \
        choose one with a filter (`-f "not vlan"`).
        """)

    static let captureHeadCut = FindingEntry(
        .note, "RFC 6455 §4",
        "a head of the handshake was captured in part",
        """
        Bytes of the request or of the response are missing: packets were lost, the snapshot length cuts them, or the \
        capture ends there. The fields that are left are shown, and none is asked for that may be among the missing \
        bytes; frames are decoded from where they are certain to begin.
        """)

    static let captureSyncLost = FindingEntry(
        .warning, "RFC 6455 §5.2",
        "where the next frame begins cannot be told any more",
        """
        Bytes are missing between two frames, or a length was impossible. What this direction sent afterwards is \
        counted, not decoded, until frames can be told again with certainty; the other direction is decoded as \
        before.
        """)

    static let captureResynchronised = FindingEntry(
        .note, "RFC 6455 §5.2",
        "frames could be told again after missing bytes",
        """
        A chain of correct frames was found, too long to be chance. The bytes before it are counted, not decoded; \
        the evidence says how many.
        """)

    static let captureLimitReached = FindingEntry(
        .note, "RFC 6455 §10.4",
        "a limit of the analysis was reached",
        """
        To keep its memory bounded, the analysis gave up on something that grew too large; the evidence names the \
        limit. Options raise most limits.
        """)
}
