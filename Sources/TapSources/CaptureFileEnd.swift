import TapCore

/// What is left to say of a capture file once no more packets come.
package struct CaptureFileEnd: Sendable {
    /// What ended it, where it was not its end.
    package let error: CaptureError?
    /// What is wrong with it, though its packets could be read.
    package let warnings: [CaptureError]
    /// The comments behind its last packet.
    package let comments: [CaptureComment]

    init(_ file: borrowing CaptureFile, _ error: CaptureError?) {
        self.error = error
        warnings = file.warnings
        comments = file.comments
    }
}
