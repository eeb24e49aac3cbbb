import Glibc

/// A file with the given bytes that is deleted when its last owner goes away.
package final class TemporaryFile: Sendable {
    package let path: String

    package init(_ bytes: [UInt8] = []) throws {
        var template = Array("/tmp/tap-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw CannotMakeFile() }
        close(descriptor)
        try replace(bytes)
    }

    deinit { unlink(path) }

    package func replace(_ bytes: [UInt8]) throws {
        guard let file = fopen(path, "w") else { throw CannotMakeFile() }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw CannotMakeFile() }
    }

    package func contents() throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw CannotMakeFile() }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part.prefix(count) }
        return bytes
    }

    package struct CannotMakeFile: Error {}
}
