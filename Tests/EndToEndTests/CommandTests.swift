import Foundation
import Testing

@Suite("The commands")
struct CommandTests {
    @Test(
        "wrong usage exits with 64",
        arguments: [
            ["read"], ["nonsense"], ["read", "--format", "xml", "x.pcap"], ["live"], ["export", "x.pcap"],
            ["read", "--max-flows", "0", "x.pcap"], ["read", "-", "-"], ["explain", "no-such-finding"],
            ["live", "-i", "lo", "--duration", "nan"], ["follow", "--sender", "nobody", "x.pcap"], ["stats"], ["top"],
            ["top", "-i", "lo", "--interval", "0"], ["fields", "no-such-word"], ["live", "-i", "lo", "-w", "-"],
            ["live", "-i", "lo", "-i", "lo"], ["read", "-t", "a", "-t", "r", "x.pcap"],
        ])
    func usage(arguments: [String]) throws {
        let result = try Wstap.run(arguments)
        #expect(result.status == 64)
        #expect(!result.errors.isEmpty)
    }

    @Test("a command that does not exist is told, with what may be meant")
    func noSuchCommand() throws {
        let sample = Wstap.sample("chat.pcap")
        for (arguments, hint) in [
            (["raed", sample], "there is no command “raed”; did you mean read?"),
            ([sample], "to read the file: wstap read \(sample)"), (["nonsense"], "there is no command “nonsense”\n"),
            (["help", "raed"], "did you mean read?"), (["help", "nonsense"], "there is no command “nonsense”\n"),
            (["version"], "wstap --version"), (["-r", sample], "to read a file: wstap read FILE"),
            (["-ilo"], "to capture: wstap live -i INTERFACE"),
        ] {
            let result = try Wstap.run(arguments)
            #expect(result.status == 64 && result.errors.contains(hint), "\(result.errors)")
        }
    }

    @Test("filters that are given one by one are one filter, and no option is dropped")
    func repeatedOptions() throws {
        let sample = Wstap.sample("twenty.pcap")
        let joined = try Wstap.run(["read", sample, "-Y", "connection == 3 and sender == client"])
        let severally = try Wstap.run(["read", sample, "-Y", "connection == 3", "--filter", "sender == client"])
        #expect(severally.output == joined.output && joined.status == 0)
        let refused = try Wstap.run(["read", sample, "--host", "a", "--host=b"])
        #expect(refused.status == 64 && refused.errors.contains("--host takes one value, but was given twice"))
        #expect(
            try Wstap.run(["verify", sample, "--ignore", "close-missing", "--ignore", "close-code-invalid"]).status
                != 64)
    }

    @Test("a letter's value may stand right behind it, as in tcpdump")
    func joinedValues() throws {
        let sample = Wstap.sample("chat.pcap")
        let apart = try Wstap.run(["read", "-t", "a", "-f", "tcp port 8765", sample])
        let joined = try Wstap.run(["read", "-ta", "-ftcp port 8765", sample])
        #expect(joined.status == 0 && joined.output == apart.output)
    }

    @Test("fields lists what a filter can ask for, all or by a word")
    func fields() throws {
        let all = try Wstap.run(["fields"]).output
        let some = try Wstap.run(["fields", "CLOSE"]).output
        #expect(all.contains("websocket.opcode") && all.contains("tls.handshake.extensions_server_name"))
        #expect(some.contains("close.code") && !some.contains("ip.addr"))
        let words = some.split(separator: "\n").compactMap { $0.split(separator: " ").first }
        #expect(words.count >= 8)
        let sample = Wstap.sample("chat.pcap")
        let frames = try Wstap.run(["read", "-Y", "websocket", "--format", "ndjson", "--events", "frame", sample])
        #expect(frames.records("frame").count == 22)
    }

    @Test(
        "--help and --version exit with 0",
        arguments: [
            ["--help"], ["--version"], ["-V"], ["help"], ["help", "read"], ["read", "--help"], ["live", "--help"],
            ["verify", "--help"],
            ["export", "--help"], ["stats", "--help"], ["follow", "--help"],
            ["top", "--help"],
        ])
    func help(arguments: [String]) throws {
        let result = try Wstap.run(arguments)
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
    }

    @Test("verify exits with 0 where handshakes are right, and with 1 where one is wrong")
    func verify() throws {
        #expect(try Wstap.run(["verify", Wstap.sample("chat.pcap")]).status == 0)
        let wrong = try Wstap.run(["verify", Wstap.sample("wrong-accept.pcap")])
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("response-accept-wrong"))
    }

    @Test("verify shows the expected and the found accept value")
    func accept() throws {
        let result = try Wstap.run(["verify", "--format", "ndjson", Wstap.sample("wrong-accept.pcap")])
        let handshake = try #require(result.records("handshake").first)
        let response = try #require(handshake["response"] as? [String: Any])
        let text = try Wstap.run(["verify", Wstap.sample("wrong-accept.pcap")]).output
        #expect(handshake["verdict"] as? String == "invalid")
        #expect(response["accept_valid"] as? Bool == false)
        for name in ["accept", "expected_accept"] {
            #expect(text.contains(try #require(response[name] as? String)))
        }
    }

    @Test("verify --fail-on chooses the severity that fails")
    func failOn() throws {
        // On this port requests are refused for good reasons, which is a note; on others they are wrong.
        let refused = ["verify", Wstap.sample("refused.pcap"), "-f", "port 8080"]
        #expect(try Wstap.run(refused).status == 0)
        #expect(try Wstap.run(refused + ["--fail-on", "note"]).status == 1)
    }

    @Test("verify --ignore leaves findings out of every format, the totals and the exit code, but no verdict")
    func ignore() throws {
        let sample = Wstap.sample("wrong-accept.pcap")
        for format in ["table", "json", "ndjson", "junit", "sarif"] {
            let arguments = ["verify", "--format", format, "--ignore", "close-missing,response-accept-wrong", sample]
            let result = try Wstap.run(arguments)
            #expect(result.status == 0)
            #expect(format == "sarif" || !result.output.contains("response-accept-wrong"))
            #expect(!result.output.contains(#""ruleId":"response-accept-wrong""#))
        }
        let shown = try Wstap.run(["verify", "--ignore", "close-missing", "--ignore", "response-accept-wrong", sample])
        #expect(shown.status == 0)
        #expect(shown.output.contains("✗ invalid"))
        #expect(shown.output.contains("✗ 2 invalid · 2 frames · nothing found"))
    }

    @Test("verify --ignore with an unknown name is wrong usage, and says what may be meant")
    func ignoreUnknown() throws {
        let result = try Wstap.run(["verify", "--ignore", "close-missing,close-mising", Wstap.sample("chat.pcap")])
        #expect(result.status == 64)
        #expect(result.errors.contains("did you mean close-missing?"))
    }

    @Test("verify --only handshake leaves out what follows the handshakes")
    func onlyHandshake() throws {
        let arguments = ["verify", "--only", "handshake", "--fail-on", "note"]
        let lossy = try Wstap.run(arguments + [Wstap.sample("lossy.pcap")])
        #expect(lossy.status == 0)
        #expect(lossy.output.hasSuffix("nothing found\n"))
        #expect(try Wstap.run(["verify", "--fail-on", "note", Wstap.sample("lossy.pcap")]).status == 1)
        #expect(try Wstap.run(arguments + [Wstap.sample("wrong-accept.pcap")]).status == 1)
    }

    @Test("verify --format junit is XML and --format sarif is JSON, of every sample", arguments: Wstap.samples)
    func buildFormats(sample: String) throws {
        let check = """
            import json, sys, xml.etree.ElementTree as xml
            suites = [suite for suite in xml.parse(sys.argv[1]).getroot() if suite.get("name") != "capture"]
            for suite in suites:
                cases = suite.findall("testcase")
                assert int(suite.get("tests")) == len(cases)
                assert int(suite.get("failures")) == len([case for case in cases if case.find("failure") is not None])
                assert int(suite.get("skipped")) == len([case for case in cases if case.find("skipped") is not None])
            log = json.load(open(sys.argv[2]))
            rules = log["runs"][0]["tool"]["driver"]["rules"]
            for result in log["runs"][0]["results"]:
                assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            print(len(suites), len(log["runs"][0]["results"]))
            """
        let folder = try TemporaryFolder()
        let junit = try Wstap.run(["verify", "--format", "junit", Wstap.sample(sample)])
        let sarif = try Wstap.run(["verify", "--format", "sarif", Wstap.sample(sample)])
        let result = try Wstap.run(
            "/usr/bin/python3",
            [
                "-c", check, folder.file("junit.xml", Data(junit.output.utf8)),
                folder.file("log.sarif", Data(sarif.output.utf8)),
            ])
        let records = try Wstap.run(["verify", "--format", "ndjson", Wstap.sample(sample)])
        let expected = "\(records.records("handshake").count) \(records.records("finding").count)\n"
        #expect(result.output == expected, "\(result.errors)")
        #expect(junit.status == sarif.status && junit.status == records.status)
    }

    @Test("a reader that has enough ends the program quietly", arguments: ["table", "json", "ndjson"])
    func brokenPipe(format: String) throws {
        let files = Array(repeating: "'\(Wstap.sample("twenty.pcap"))'", count: 40).joined(separator: " ")
        let result = try Wstap.shell(
            "wstap read --format \(format) \(files) | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}")
        #expect(result.output == "0\n")
        #expect(result.errors.isEmpty)
    }

    @Test("standard input gives the same as the file", arguments: Wstap.samples)
    func standardInput(sample: String) throws {
        let fromFile = try Wstap.run(["read", "--format", "ndjson", Wstap.sample(sample)])
        let fromPipe = try Wstap.shell("cat '\(Wstap.sample(sample))' | wstap read --format ndjson -")
        #expect(fromFile.status == 0)
        #expect(fromFile.output == fromPipe.output)
    }

    @Test("json is the same records as ndjson", arguments: Wstap.samples)
    func json(sample: String) throws {
        let lines = try Wstap.run(["read", "--format", "ndjson", Wstap.sample(sample)])
        let array = try Wstap.run(["read", "--format", "json", Wstap.sample(sample)])
        let parsed = try JSONSerialization.jsonObject(with: Data(array.output.utf8)) as? [[String: Any]]
        #expect(parsed as NSArray? == lines.records as NSArray)
    }

    @Test("export writes what read prints")
    func export() throws {
        let folder = try TemporaryFolder()
        let result = try Wstap.run([
            "export", Wstap.sample("twenty.pcap"), "--to", "ndjson", "-o", folder.path("out.ndjson"),
        ])
        let written = try String(contentsOf: URL(fileURLWithPath: folder.path("out.ndjson")), encoding: .utf8)
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
        #expect(written == (try Wstap.run(["read", "--format", "ndjson", Wstap.sample("twenty.pcap")]).output))
    }

    @Test("an output that cannot be written is an error with exit code 2")
    func unwritable() throws {
        let result = try Wstap.run(["export", Wstap.sample("chat.pcap"), "--to", "csv", "-o", "/nowhere/out.csv"])
        #expect(result.status == 2)
        #expect(result.errors.contains("/nowhere/out.csv"))
    }

    @Test("a capture filter narrows what is analyzed, and a bad one is told in libpcap's words")
    func filter() throws {
        let sample = Wstap.sample("chat.pcap")
        let arguments = ["read", "--format", "ndjson", "--events", "summary", sample, "-f"]
        #expect(try Wstap.run(arguments + ["tcp port 1"]).records("summary").first?["packets"] as? Int == 0)
        #expect(try Wstap.run(arguments + ["tcp"]).records("summary").first?["connections"] as? Int == 1)
        let bad = try Wstap.run(arguments + ["tcp prot 1"])
        #expect(bad.status == 64)
        #expect(bad.errors.contains("syntax error"))
        #expect(try Wstap.run(["live", "-i", "lo", "-f", "tcp prot 1"]).status == 64)
    }

    @Test("explain knows every finding that it lists")
    func explain() throws {
        // Headings begin with a hash, so that shells can leave them out.
        let list = try Wstap.run(["explain"]).output.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(list.count > 60)
        for line in list {
            let id = try #require(line.split(separator: " ").first.map(String.init))
            let result = try Wstap.run(["explain", id])
            #expect(result.status == 0)
            #expect(result.output.contains("RFC"))
        }
    }

    @Test(
        "explain guesses what was meant",
        arguments: [
            ("close-mising", "did you mean close-missing?"), ("frame-client-masked", "frame-client-unmasked"),
            ("response-accept", "response-accept-missing, response-accept-wrong"), ("zzz", "lists them all"),
            ("", "lists them all"), ("frame", "16 names contain it"), (String(repeating: "x", count: 9_999), "lists"),
        ])
    func guess(name: String, hint: String) throws {
        let result = try Wstap.run(["explain", name])
        #expect(result.status == 64 && result.errors.contains(hint), "\(result.errors)")
    }

    @Test("no line of the list of findings is wider than the terminal", arguments: [60, 80, 200])
    func explainWidth(columns: Int) throws {
        let list = try Wstap.run(["explain"], environment: ["COLUMNS": "\(columns)"]).output
        #expect(list.split(separator: "\n").allSatisfy { $0.count <= columns && !$0.contains("…") })
    }

    @Test("interfaces lists the loopback interface")
    func interfaces() throws {
        let result = try Wstap.run(["interfaces"])
        #expect(result.status == 0)
        #expect(result.output.contains("127.0.0.1"))
        let narrow = try Wstap.run(["interfaces"], environment: ["COLUMNS": "100"]).output
        let words = { (text: String) in text.split { $0.isWhitespace } }
        #expect(words(narrow) == words(result.output))
        #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test("a connection may span several files, in any order of naming")
    func severalFiles() throws {
        let folder = try TemporaryFolder()
        let (first, second) = (folder.path("1.pcap"), folder.path("2.pcap"))
        let chat = Wstap.sample("chat.pcap")
        let cut = try Wstap.shell("editcap -r '\(chat)' '\(first)' 1-15 && editcap '\(chat)' '\(second)' 1-15")
        #expect(cut.status == 0, "\(cut.errors)")
        let whole = try Wstap.run(["read", "--format", "ndjson", chat])
        #expect(try Wstap.run(["read", "--format", "ndjson", first, second]).output == whole.output)
        #expect(try Wstap.run(["read", "--format", "ndjson", second, first]).output == whole.output)
    }
}
