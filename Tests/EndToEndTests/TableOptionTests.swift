import Testing

@Suite("Options of the table")
struct TableOptionTests {
    @Test(
        "times go by tshark's letters, or by name",
        arguments: [
            ("r", "relative", "0.286677"), ("a", "absolute", "05:07:59.067845"), ("d", "delta", "0.000293"),
            ("e", "epoch", "1795237679.067845"),
        ])
    func times(letter: String, name: String, shown: String) throws {
        let arguments = ["read", Wstap.sample("chat.pcap"), "-Y", "heartbeat or websocket.number == 10"]
        let short = try Wstap.run(arguments + ["-t", letter])
        #expect(short.output.contains(" \(shown)  #1") || short.output.contains("\n\(shown)  #1"), "\(short.output)")
        #expect(try Wstap.run(arguments + ["--time", name]).output == short.output)
    }

    @Test("-v draws the header's bytes that are on the wire", arguments: ["chat.pcap", "fragments.pcap", "busy.pcap"])
    func headers(sample: String) throws {
        let rows = try Wstap.run(["read", "-v", "--color", "never", Wstap.sample(sample)]).output
        let keys = try Wstap.run(["read", "--format", "ndjson", Wstap.sample(sample)]).records("frame").compactMap {
            $0["masking_key"] as? String
        }
        #expect(!keys.isEmpty)
        let drawn = rows.split(separator: "\n").filter { $0.hasSuffix("masking key") }
        #expect(drawn.count == keys.count)
        for (line, key) in zip(drawn, keys) {
            let pairs = stride(from: 0, to: 8, by: 2).map { String(key.dropFirst($0).prefix(2)) }
            #expect(line.contains(pairs.joined(separator: " ")))
        }
    }

    @Test("-x shows every byte of every payload", arguments: ["chat.pcap", "deflate-chromium.pcap"])
    func dump(sample: String) throws {
        let arguments = ["read", "--messages", "--events", "message", Wstap.sample(sample)]
        let lines = try Wstap.run(arguments + ["-x"]).output.split(separator: "\n")
        let rows = lines.map { $0.dropFirst(19) }.filter { $0.prefix { $0.isHexDigit }.count == 8 }
        let dumped = rows.map { $0.dropFirst(10).prefix(48).split(separator: " ").count }
        let messages = try Wstap.run(arguments + ["--format", "ndjson"]).records("message")
        #expect(dumped.reduce(0, +) == messages.compactMap { $0["length"] as? Int }.reduce(0, +))
        #expect(dumped.count > messages.count)
    }
}
