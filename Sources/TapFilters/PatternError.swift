/// What is wrong with a regular expression.
struct PatternError: Error {
    let reason: String
    /// How much of it was read before that, in bytes.
    let offset: Int
}
