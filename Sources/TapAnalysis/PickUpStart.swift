/// Where the frames of one direction begin whose handshake was not captured.
struct PickUpStart {
    /// Whether the first byte that is held begins a frame.
    let isCertain: Bool
    /// Whether it is likely to do so.
    let isLikely: Bool
    /// Captured bytes before it.
    let skipped: Int
    /// Bytes before it that the capture does not hold.
    let missing: Int
}

/// Where those of both directions begin.
struct PickUpStarts {
    let client: PickUpStart
    let server: PickUpStart
}
