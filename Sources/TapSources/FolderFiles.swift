/// Files of any kind, where they lie.
package enum FolderFiles {
    /// The files in a folder, in the order of their names; or the one that a path names.
    package static func list(_ path: String) throws(CaptureError) -> (files: [String], isFolder: Bool) {
        do throws(SystemError) {
            guard let directory = try CaptureDirectory(path: path) else { return ([path], false) }
            return (directory.files, true)
        } catch {
            throw CaptureError("\(path): \(error)", path: path)
        }
    }

    /// The bytes of a small file.
    package static func content(of path: String) throws(CaptureError) -> [UInt8] {
        do throws(SystemError) {
            let file = try FileDescriptor(reading: path)
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: step)
            while true {
                var failure: SystemError?
                let count = buffer.withUnsafeMutableBytes { room in
                    do throws(SystemError) { return try file.read(into: room, nil) } catch { failure = error }
                    return 0
                }
                if let failure { throw failure }
                guard count > 0 else { return bytes }
                bytes += buffer[..<count]
            }
        } catch {
            throw CaptureError("\(path): \(error)", path: path)
        }
    }

    private static let step = 1 << 16
}
