import Foundation
import Testing

/// `wstap compare` on captures from two places, against what the program in between logged.
@Suite("Comparing two captures")
struct CompareTests {
    private static func legs(_ name: String) -> String { Wstap.sample("legs/\(name).pcap") }

    static func compare(_ arguments: [String]) throws -> (status: Int32, record: [String: Any]) {
        let result = try Wstap.run(["compare", "--format", "json"] + arguments)
        let record = try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any]
        return (result.status, try #require(record, "\(result.errors)"))
    }

    /// The one connection that was compared.
    static func connection(_ record: [String: Any]) throws -> [String: Any] {
        let connections = try #require(record["connections"] as? [[String: Any]])
        #expect(connections.count == 1)
        return try #require(connections.first)
    }

    private static func offset(_ record: [String: Any]) throws -> Double {
        let clock = try #require(record["clock"] as? [String: Any])
        let offset = try #require(clock["offset_seconds"] as? Double)
        #expect(try #require(clock["uncertainty_seconds"] as? Double) < 0.001)
        return offset
    }

    /// What changed of each message, by its text.
    private static func changes(_ connection: [String: Any]) -> [String: [String]] {
        let messages = connection["messages"] as? [[String: Any]] ?? []
        return messages.reduce(into: [:]) { found, message in
            guard let changes = message["changes"] as? [String] else { return }
            found[message["excerpt"] as? String ?? ""] = changes
        }
    }

    @Test("names what was lost, late and cut in between, and nothing else")
    func meddled() throws {
        let (status, record) = try Self.compare([Self.legs("meddled-client"), Self.legs("meddled-server")])
        #expect(status == 1 && record["alike"] as? Bool == false)
        #expect(abs(try Self.offset(record) - 3) < 0.001)
        #expect((record["clock"] as? [String: Any])?["nearer_to_clients"] as? String == "first")
        let connection = try Self.connection(record)
        #expect(connection["by"] as? String == "key" && connection["ends_differ"] as? Bool == false)
        let log = try #require(try Wstap.truth(of: "legs/meddled")["messages"] as? [[String: Any]])
        let names = ["lost": "only-in-first", "delayed": "delayed", "cut": "re-fragmented"]
        var expected: [String: [String]] = [:]
        for entry in log {
            guard let what = entry["what"] as? String, let text = entry["text"] as? String else { continue }
            expected[text] = names[what].map { [$0] }
        }
        #expect(expected.count == 3 && Self.changes(connection) == expected)
        let late = try #require(log.first { $0["what"] as? String == "delayed" })
        let logged = try #require(late["went"] as? Double) - (try #require(late["came"] as? Double))
        let messages = try #require(connection["messages"] as? [[String: Any]])
        let delayed = messages.filter { ($0["changes"] as? [String])?.contains("delayed") ?? false }
        let delay = try #require(delayed.first?["delay_seconds"] as? Double)
        #expect(delayed.count == 1)
        #expect(abs(delay - logged) < 0.01)
        #expect(messages.count == log.count)
    }

    @Test("the other way round says the same of the other side")
    func reversed() throws {
        let (status, record) = try Self.compare([Self.legs("meddled-server"), Self.legs("meddled-client")])
        #expect(status == 1)
        #expect(abs(try Self.offset(record) + 3) < 0.001)
        let changes = Self.changes(try Self.connection(record))
        #expect(changes.values.sorted { $0[0] < $1[0] } == [["delayed"], ["only-in-second"], ["re-fragmented"]])
    }

    @Test("says of nothing that it was lost where the other capture has a hole")
    func gap() throws {
        let (_, record) = try Self.compare([Self.legs("meddled-client"), Self.legs("meddled-server-gap")])
        let changes = Self.changes(try Self.connection(record))
        #expect(changes["question 8"] == ["unknown"] && changes["lose this one"] == ["only-in-first"])
        #expect(changes.count == 4)
    }

    @Test("is content with captures before and behind a proxy that changes nothing")
    func untouched() throws {
        let (status, record) = try Self.compare([Self.legs("untouched-client"), Self.legs("untouched-server")])
        #expect(status == 0 && record["alike"] as? Bool == true)
        #expect(abs(try Self.offset(record) + 2.5) < 0.001)
        #expect(Self.changes(try Self.connection(record)).isEmpty)
        let same = try Self.compare([Self.legs("untouched-client"), Self.legs("untouched-client")])
        #expect(same.status == 0)
        #expect(try Self.offset(same.record) == 0)
    }

    @Test("says what was compressed and masked anew")
    func rewritten() throws {
        let (status, record) = try Self.compare([Self.legs("rewritten-client"), Self.legs("rewritten-server")])
        #expect(status == 1)
        #expect(abs(try Self.offset(record)) < 0.001)
        let connection = try Self.connection(record)
        #expect(connection["by"] as? String == "messages")
        #expect(connection["changes"] as? [String: Int] == ["compressed": 5, "decompressed": 5, "re-masked": 5])
    }

    @Test("takes two legs of one capture, whose clock is one")
    func legs() throws {
        for name in ["nginx", "haproxy"] {
            let connections = try Wstap.run(["read", "--format", "ndjson", Self.legs(name)]).records("connection")
            let first = try #require(connections.first { ($0["pair"] as? [String: Any])?["leg"] as? String == "first" })
            let number = try #require(first["connection"] as? Int)
            let other = try #require((first["pair"] as? [String: Any])?["connection"] as? Int)
            let (status, record) = try Self.compare([Self.legs(name), "--connections", "\(number),\(other)"])
            #expect(status == 0 && record["clock"] == nil, "\(name)")
            #expect(Self.changes(try Self.connection(record)).isEmpty)
        }
        let (status, record) = try Self.compare([Self.legs("relay"), "--connections", "1,2"])
        #expect(status == 1)
        #expect(try Self.connection(record)["changes"] as? [String: Int] == ["re-masked": 3])
    }

    @Test(
        "exits with 2 where there is nothing to compare, and with 64 where it makes no sense",
        arguments: [
            (["chat.pcap", "node-ws.pcap"], 2), (["chat.pcap", "others/ftp.pcap"], 2),
            (["chat.pcap", "no-such-file"], 2),
            (["chat.pcap"], 64), (["chat.pcap", "--connections", "1"], 64),
            (["chat.pcap", "--connections", "1,1"], 64),
            (["chat.pcap", "--connections", "1,7"], 64), (["chat.pcap", "chat.pcap", "chat.pcap"], 64),
        ])
    func codes(arguments: [String], code: Int) throws {
        let paths = arguments.map { $0.hasSuffix(".pcap") || $0.hasPrefix("no-") ? Wstap.sample($0) : $0 }
        let result = try Wstap.run(["compare"] + paths)
        #expect(Int(result.status) == code && !result.errors.isEmpty && result.output.isEmpty, "\(arguments)")
    }

    @Test("shows the same to people, at any width, and as a page without a script")
    func views() throws {
        let captures = [Self.legs("meddled-client"), Self.legs("meddled-server")]
        for width in [80, 120, 200] {
            let table = try Wstap.run(["compare", "--columns", "\(width)"] + captures).output
            #expect(table.split(separator: "\n").allSatisfy { $0.count <= width })
            for words in ["only in A", "lose this one", "late", "1.5 s", "3 frames in A, 1 in B"] {
                #expect(table.contains(words), "\(width)")
            }
        }
        let page = try Wstap.run(["compare", "--format", "html"] + captures).output
        #expect(page.contains("lose this one") && page.contains("<svg") && !page.contains("<script"))
        #expect(try Wstap.run(["compare", "--format", "html", "--payload", "none"] + captures).output.contains("<svg"))
    }

    @Test("quotes nothing that is to be hidden")
    func redacted() throws {
        let captures = [Self.legs("meddled-client"), Self.legs("meddled-server")]
        for options in [["--payload", "none"], ["--redact", "payload"]] {
            for format in ["table", "json", "html"] {
                let result = try Wstap.run(["compare", "--format", format] + options + captures)
                #expect(result.status == 1 && !result.output.contains("lose this"), "\(options) \(format)")
            }
        }
        let hidden = try Wstap.run(["compare", "--redact", "addresses"] + captures)
        #expect(hidden.status == 1 && !hidden.output.contains("127.0.0.1"))
    }
}
