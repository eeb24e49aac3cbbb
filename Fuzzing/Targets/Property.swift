/// What a target demands.
enum Property {
    /// Ends the process where `condition` is false, which a fuzzer takes for a crash. In release builds, too, and there with
    /// the sentence, which `precondition` would keep to itself.
    @inline(__always)
    static func hold(_ condition: Bool, _ sentence: @autoclosure () -> String) {
        if !condition { fatalError("broken: \(sentence())") }
    }
}
