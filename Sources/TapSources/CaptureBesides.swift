/// What is taken up of a capture file beside its packets, while these are read.
struct CaptureBesides {
    let checksum = FileChecksum()
    let names = PcapngNames()
}
