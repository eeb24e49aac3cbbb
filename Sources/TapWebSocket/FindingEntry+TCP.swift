extension FindingEntry {
    static let tcpConflictingOverlap = FindingEntry(
        .warning, "RFC 9293 §3.10.7.4",
        "bytes of the stream came twice, and not the same",
        """
        A sender repeats what it sent, never something else: so another program wrote one of the two copies (an attack \
        that shows an analyzer other bytes than the receiver, a broken middlebox), or one of them was damaged. What came \
        first is decoded, as a receiver would; the evidence holds the beginning of both from the first difference on, in \
        hexadecimal, as they are on the wire. Only the latest bytes are kept to compare with.
        """)

    static let tcpChecksumWrong = FindingEntry(
        .note, "RFC 9293 §3.1",
        "a segment was not taken, because its checksum is wrong",
        """
        Its receiver drops a segment that was damaged on the way, and gets it again: what it held was not decoded, and the \
        better copy is. Checksums are believed only in a direction where they are right; captures of one's own machine, \
        whose network card computes them later, are not judged by them.
        """)

    static let tcpSegmentIgnored = FindingEntry(
        .note, "RFC 9293 §3.10.7.4",
        "a segment was not taken, because its receiver does not act on such a one, or did not",
        """
        A receiver looks at a segment only where its numbers and flags fit the connection: a RST counts at the next byte \
        exactly (RFC 5961 §3.2), a SYN in the middle of a connection changes nothing (RFC 5961 §4.2), and without the ACK \
        flag nothing counts at all. A RST or FIN that does fit is believed until its sender goes on. Such a segment is \
        forged by somebody who tries to break the connection, or stale: of a former connection on the same ports, or late. \
        It changes nothing here either; bytes that came too late, after they were reported as missing, are not decoded.
        """)

    static let tcpWindowZero = FindingEntry(
        .warning, "RFC 9293 §3.8.6",
        "a peer took nothing for a second or longer",
        """
        Its window was closed: what it had received and its program had not read filled all the room that there is, so that the \
        other peer could send nothing, and what it had to say waited. The program is too slow for what it is sent, or does \
        not read at all for a while (it waits for something else, or its event loop is blocked); look there, and not at the \
        network. The time counts from the segment that closed the window to the one that opened it. Where that one was not \
        captured, or nothing in the capture says in between that the window is still closed, it counts to the last segment \
        that says so. Shorter times are only added up in the connection's record.
        """)
}

extension FindingEntry {
    static let ipConflictingOverlap = FindingEntry(
        .warning, "RFC 791 §3.2",
        "fragments of an IP packet hold the same part of it, and not the same bytes",
        """
        A sender cuts a packet into parts that do not overlap: so another program wrote one of the two fragments (an attack \
        that shows an analyzer other bytes than the receiver), or one of them was damaged. Systems differ in what they make of \
        it: the first copy, the last one, or nothing (RFC 5722 §4 demands that for IPv6). What came first is decoded, but where \
        only the last copy fits the TCP checksum; the evidence holds the beginning of both from the first difference on, in \
        hexadecimal.
        """)
}
