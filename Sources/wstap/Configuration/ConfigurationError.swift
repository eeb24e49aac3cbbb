/// What is wrong with the file of defaults.
struct ConfigurationError: Error {
    let description: String

    init(_ description: String) { self.description = description }

    /// Something that there is not, with what it may be a misspelling of.
    init(unknown kind: String, _ name: String, nearest: String?) {
        description = "there is no \(kind) “\(name)”" + (nearest.map { ": did you mean \($0)?" } ?? "")
    }
}
