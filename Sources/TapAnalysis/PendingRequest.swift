import TapHTTP

/// A request whose response has not been seen; the response's body depends on it.
struct PendingRequest {
    let method: String
    let attempt: UpgradeAttempt?
}
