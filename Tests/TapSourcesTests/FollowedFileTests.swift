import Foundation
import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("Files that are followed")
struct FollowedFileTests {
    /// What is there now; `|` where the file is read from its start again.
    private static func read(_ file: inout FollowedFile) throws -> String {
        var text: [UInt8] = []
        while true {
            switch try file.next() {
            case .bytes(let count): text.append(file.bytes.upTo(count))
            case .restarted: text.append(UInt8(ascii: "|"))
            case .end: return String(decoding: text, as: UTF8.self)
            }
        }
    }

    private static func append(_ text: String, to path: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    @Test("give what was added since the last time")
    func grows() throws {
        let temporary = try TemporaryFile(Array("one\n".utf8))
        var file = try FollowedFile(path: temporary.path)
        let first = try Self.read(&file)
        let nothing = try Self.read(&file)
        try Self.append("two", to: temporary.path)
        let second = try Self.read(&file)
        #expect([first, nothing, second] == ["one\n", "", "two"])
    }

    @Test("are read whole, however long")
    func long() throws {
        let text = String(repeating: "0123456789", count: 30_000)
        let temporary = try TemporaryFile(Array(text.utf8))
        var file = try FollowedFile(path: temporary.path)
        let read = try Self.read(&file)
        #expect(read == text)
    }

    @Test("are read from their start where they became shorter")
    func shrinks() throws {
        let temporary = try TemporaryFile(Array("one and more\n".utf8))
        var file = try FollowedFile(path: temporary.path)
        _ = try Self.read(&file)
        try temporary.replace(Array("two\n".utf8))
        let read = try Self.read(&file)
        #expect(read == "|two\n")
    }

    @Test("are read from their start where another file has their name")
    func replaced() throws {
        let temporary = try TemporaryFile(Array("one\n".utf8))
        var file = try FollowedFile(path: temporary.path)
        _ = try Self.read(&file)
        let other = temporary.path + ".new"
        _ = FileManager.default.createFile(atPath: other, contents: Data("another and longer\n".utf8))
        #expect(rename(other, temporary.path) == 0)
        let read = try Self.read(&file)
        #expect(read == "|another and longer\n")
    }

    @Test("are still read where their name is gone")
    func removed() throws {
        let temporary = try TemporaryFile(Array("one\n".utf8))
        let handle = try #require(FileHandle(forWritingAtPath: temporary.path))
        var file = try FollowedFile(path: temporary.path)
        _ = try Self.read(&file)
        unlink(temporary.path)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("two\n".utf8))
        let read = try Self.read(&file)
        #expect(read == "two\n")
    }

    @Test("may be a FIFO, which is never waited for")
    func fifo() throws {
        let path = NSTemporaryDirectory() + "tap-fifo-\(UUID().uuidString)"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        var file = try FollowedFile(path: path)
        let isStream = file.isStream
        #expect(isStream)
        let before = try Self.read(&file)
        let writer = open(path, O_WRONLY)
        #expect(write(writer, "one\n", 4) == 4)
        let first = try Self.read(&file)
        #expect(write(writer, "two\n", 4) == 4)
        close(writer)
        let second = try Self.read(&file)
        let next = open(path, O_WRONLY)
        #expect(write(next, "three\n", 6) == 6)
        close(next)
        let third = try Self.read(&file)
        #expect([before, first, second, third] == ["", "one\n", "two\n", "three\n"])
    }

    @Test("are no folders, and exist")
    func errors() {
        #expect(throws: SystemError(code: EISDIR)) { _ = try FollowedFile(path: "/tmp") }
        #expect(throws: SystemError(code: ENOENT)) { _ = try FollowedFile(path: "/tmp/no/such/file") }
    }
}
