/// What hash tables of packets' contents add to their hashes, so that nobody can choose contents that collide.
package enum HashSeed {
    /// Random in each process; the same in all where `SWIFT_DETERMINISTIC_HASHING` is set, so that a run can be repeated.
    package static let ofProcess = UInt64(truncatingIfNeeded: Hasher().finalize())
}
