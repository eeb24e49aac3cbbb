import TapCore

/// A key log that stands in a capture: the body of a Decryption Secrets Block of pcapng.
package struct CaptureSecrets: Sendable {
    package let bytes: [UInt8]

    init(_ bytes: RawSpan) { self.bytes = [UInt8](bytes) }

    /// Those anywhere in files that can be read more than once. A file that cannot be read to its end gives what comes before.
    package static func all(in paths: [String]) -> [CaptureSecrets] {
        var secrets: [CaptureSecrets] = []
        let files = CaptureFiles(paths: paths, batchSize: nil)
        for path in files.rereadable {
            guard var file = try? CaptureFile(path: path, bufferSize: CaptureLimits.defaultBuffer), file.mayHoldSecrets
            else { continue }
            while (try? file.next()) != nil { secrets += file.secrets }
            secrets += file.secrets
        }
        return secrets
    }
}
