/// What is wrong with a segment that was not taken, or not all of it.
@usableFromInline
package enum SegmentAnomaly: Equatable, Sendable {
    case conflictingOverlap(ConflictingOverlap)
    case corrupt(CorruptSegment)
    case ignored(IgnoredSegment)
}
