import Glibc

/// The file descriptors that this process has open.
enum OpenDescriptors {
    /// None where the system does not tell.
    static var all: Set<Int32> {
        guard let folder = opendir("/proc/self/fd") else { return [] }
        defer { closedir(folder) }
        var found: Set<Int32> = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let descriptor = Int32(name) { found.insert(descriptor) }
        }
        return found
    }
}
