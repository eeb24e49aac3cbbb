import Glibc

/// The file descriptors that this process has open.
enum OpenDescriptors {
    /// None where the system does not tell.
    static var all: Set<Int32> {
        // That of the folder itself is closed by now.
        Set(FolderNames.all(in: "/proc/self/fd").compactMap { Int32($0) }.filter { fcntl($0, F_GETFD) >= 0 })
    }
}

/// The names in a folder that are not hidden.
package enum FolderNames {
    /// None where it cannot be read.
    package static func all(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
