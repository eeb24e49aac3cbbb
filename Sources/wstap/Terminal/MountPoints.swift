import Glibc

/// Where file systems, or parts of one, are mounted.
enum MountPoints {
    /// Whether a folder is such a place: another one cannot be put there.
    static func contains(_ path: String) -> Bool {
        var (status, parent) = (stat(), stat())
        guard lstat(path, &status) == 0, lstat(path + "/..", &parent) == 0, parent.st_dev == status.st_dev else {
            return true
        }
        // A part of the same file system may be mounted, too; the fifth field says where. proc_pid_mountinfo(5).
        guard let real = realpath(path, nil) else { return false }
        defer { free(real) }
        guard let table = fopen("/proc/self/mountinfo", "re") else { return false }
        defer { fclose(table) }
        var (line, size): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        while getline(&line, &size, table) > 0, let line {
            let fields = String(cString: line).split(separator: " ", maxSplits: 5)
            if fields.count > 4, unescaped(fields[4]) == Array(String(cString: real).utf8) { return true }
        }
        return false
    }

    /// A path without the escapes of the table: three octal digits for a space, a tab, a line end or a backslash.
    private static func unescaped(_ field: Substring) -> [UInt8] {
        var path: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            guard byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ $0 & ~7 == UInt8(ascii: "0") })
            else {
                path.append(byte)
                continue
            }
            path.append(digits.reduce(0) { $0 << 3 | $1 & 7 })
            rest = rest.dropFirst(3)
        }
        return path
    }
}
