/// What is wrong with a segment that was not taken, or not all of it, or not as it may have been meant.
@usableFromInline
package enum SegmentAnomaly: Equatable, Sendable {
    case conflictingOverlap(ConflictingOverlap)
    case corrupt(CorruptSegment)
    case ignored(IgnoredSegment)
    /// It came in fragments that contradict each other.
    case conflictingFragments(ConflictingFragments)
}
