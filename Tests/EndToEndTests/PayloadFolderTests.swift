import Foundation
import Testing

@Suite("Payloads as files")
struct PayloadFolderTests {
    /// Every file of a folder with what it holds.
    private func files(in folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))) })
    }

    @Test("each message is a file of its own, with its bytes", arguments: Wstap.samples)
    func messages(name: String) throws {
        let folder = try TemporaryFolder()
        let target = folder.path("payloads")
        let result = try Wstap.run(["export", Wstap.sample(name), "--to", "payloads", "-o", target])
        #expect(result.status == 0, "\(result.errors)")
        let messages = try Wstap.run(["read", "--format", "ndjson", "--messages", Wstap.sample(name)])
            .records("message")
        let found = try files(in: target)
        #expect(found.count == messages.count)
        let several = Set(messages.compactMap { $0["connection"] as? Int }).count > 1
        for message in messages {
            let number = try #require(message["number"] as? Int)
            let words = "\(String(format: "%04d", number))-\(message["sender"] ?? "")-\(message["kind"] ?? "")"
            let start = several ? "\(message["connection"] ?? 0)-\(words)" : words
            let matches = found.filter { $0.key.hasPrefix(start) }
            #expect(matches.count == 1, "\(start)")
            let text = message["payload"] as? String ?? ""
            let isText = message["payload_encoding"] as? String == "utf8"
            #expect(matches.first?.value == (isText ? Data(text.utf8) : Data(base64Encoded: text)), "\(start)")
        }
        for name in found.keys {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(target)/\(name)")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("what ends in .json is JSON for its consumer, too")
    func json() throws {
        let folder = try TemporaryFolder()
        let target = folder.path("payloads")
        _ = try Wstap.run(["export", Wstap.sample("chat.pcap"), "--to", "payloads", "-o", target])
        let found = try files(in: target).filter { $0.key.hasSuffix(".json") }
        #expect(found.count > 10)
        for (name, content) in found {
            #expect((try? JSONSerialization.jsonObject(with: content)) != nil, "\(name)")
        }
    }

    @Test("nothing that is there is touched, and no link is followed")
    func links() throws {
        let folder = try TemporaryFolder()
        let victim = try folder.file("victim", Data("precious".utf8))
        let target = folder.path("payloads")
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: "\(target)/0001-client-text.json", withDestinationPath: victim)
        let arguments = ["export", Wstap.sample("chat.pcap"), "--to", "payloads", "-o"]
        let result = try Wstap.run(arguments + [target])
        #expect(result.status == 2)
        #expect(result.errors.contains("is there already"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: victim)) == Data("precious".utf8))

        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        let linked = try Wstap.run(arguments + [link])
        #expect(linked.status == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: target).count == 1)
    }

    @Test("standard output is no folder")
    func standardOutput() throws {
        #expect(try Wstap.run(["export", Wstap.sample("chat.pcap"), "--to", "payloads", "-o", "-"]).status == 64)
    }
}
