import TapCore

/// A segment that is not believed, kept until it is clear what its receiver made of it.
struct RefusedSegment {
    let segment: HeldSegment
    /// What is reported where it is not taken in the end.
    let fault: SegmentAnomaly?

    var isCorrupt: Bool {
        guard case .corrupt? = fault else { return false }
        return true
    }
}
