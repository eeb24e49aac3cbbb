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
