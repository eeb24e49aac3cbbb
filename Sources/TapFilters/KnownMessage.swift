import TapAnalysis

/// A message that is over, while its frames wait to be looked at.
struct KnownMessage {
    let message: Message
    let payload: ArraySlice<UInt8>
}
