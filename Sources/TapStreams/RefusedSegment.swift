/// A segment that is not believed because of its checksum, kept until it is clear what its receiver made of it.
struct RefusedSegment {
    let segment: HeldSegment
    let fault: CorruptSegment
}
