/// Why results cannot be written any more.
enum OutputError: Error {
    /// Whoever was reading has enough, as `head` does: a quiet, successful end.
    case readerIsGone
    case failed(String)
}
