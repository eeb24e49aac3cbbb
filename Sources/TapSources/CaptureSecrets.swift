import TapCore

/// A key log that stands in a capture: the body of a Decryption Secrets Block of pcapng.
package struct CaptureSecrets: Sendable {
    package let bytes: [UInt8]

    init(_ bytes: RawSpan) { self.bytes = [UInt8](bytes) }

    /// What tells them from others.
    package var digest: [UInt8] { [UInt8](SHA256.digest(of: bytes.span.bytes).span.bytes) }

    /// Those anywhere in files that can be read more than once. A file that cannot be read to its end gives what comes before.
    package static func all(in paths: [String]) -> [CaptureSecrets] {
        var ignored: [CaptureError] = []
        return CaptureFiles.candidates(paths, &ignored).flatMap { path, _ in
            path == "-" || CaptureDirectory.isStream(path)
                ? [] : PcapngFormat.besides(packetsOf: path, CaptureLimits.defaultBuffer, names: nil)
        }
    }
}

extension PcapngFormat {
    /// Reads a file for what stands beside its packets: names into `names`, and the secrets. One of another format has nothing, and
    /// one that cannot be read to its end what comes before.
    static func besides(packetsOf path: String, _ bufferSize: Int, names: PcapngNames?) -> [CaptureSecrets] {
        guard var input = try? InputBuffer(path: path, capacity: bufferSize),
            (try? input.decompressIfNeeded()) != nil, var format = try? PcapngFormat(from: &input)
        else { return [] }
        format.names = names
        while (try? format.next(from: &input, as: PacketNumber(0))) != nil {}
        return format.takeSecrets()
    }
}
