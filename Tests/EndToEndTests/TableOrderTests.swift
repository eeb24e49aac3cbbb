import Foundation
import Testing

/// The order of the table's rows, and how wide they are.
@Suite("Rows of the table")
struct TableOrderTests {
    @Test("of a file stand in the order of time", arguments: Wstap.samples)
    func sorted(sample: String) throws {
        let output = try Wstap.run(["read", Wstap.sample(sample)]).output
        let times = output.split(separator: "\n").compactMap { line -> Double? in
            line.hasPrefix("  ") && line.dropFirst(12).hasPrefix("#") ? Double(line.prefix(10).drop { $0 == " " }) : nil
        }
        #expect(times == times.sorted())
    }

    @Test("are the same with any number of threads, and those of a pipe are the same but for their order")
    func threads() throws {
        let path = Wstap.sample("nginx-proxy.pcap")
        let one = try Wstap.run(["read", "--threads", "1", path]).output
        #expect(try Wstap.run(["read", "--threads", "4", path]).output == one)
        let input = try Data(contentsOf: URL(fileURLWithPath: path))
        let piped = try Wstap.run(["read", "-"], input: input).output
        #expect(piped != one)
        #expect(piped.split(separator: "\n").sorted() == one.split(separator: "\n").sorted())
    }

    @Test("what the program says is wrapped, not cut", arguments: [60, 80, 120])
    func wrapped(columns: Int) throws {
        let environment = ["COLUMNS": "\(columns)"]
        let words = { (text: String) in
            text.split(separator: "\n").map { $0.split(separator: " ").filter { !$0.hasPrefix("#") } }.joined()
                .joined(separator: " ")
        }
        let shown = words(try Wstap.run(["read", Wstap.sample("nginx-errors.pcap")], environment: environment).output)
        #expect(shown.contains("the upgrade request's Connection does not list `upgrade`"))
        #expect(shown.contains("the server did not switch protocols"))
        // The body of a refusal may be long: only its beginning is shown.
        #expect(columns < 80 || !shown.contains("…"))
    }

    @Test("agreed compression takes two words")
    func compression() throws {
        let shown = try Wstap.run(["read", Wstap.sample("deflate-chromium.pcap")]).output
        #expect(shown.contains(" · deflate 12/12\n") && !shown.contains("extension permessage-deflate"))
    }

    @Test("an end without a close frame is told once")
    func told() throws {
        let shown = try Wstap.run(["read", "--findings-only", Wstap.sample("nginx-proxy.pcap")]).output
        #expect(shown.contains("! closed by the client without a close frame · close-missing · after 2 s idle"))
        #expect(!shown.contains("sent FIN"))
        let findings = try Wstap.run(["read", "--events", "finding", Wstap.sample("nginx-proxy.pcap")]).output
        #expect(findings.contains("the client sent FIN after 2 s without traffic, and neither side a close frame"))
    }

    @Test(
        "-t local shows the clock of TZ",
        arguments: [("Asia/Kolkata", "10:37:5", "+05:30"), ("UTC0", "05:07:5", "+00:00")])
    func local(zone: String, clock: String, offset: String) throws {
        for letter in ["l", "local"] {
            let arguments = ["read", "-t", letter, Wstap.sample("chat.pcap")]
            let lines = try Wstap.run(arguments, environment: ["TZ": zone]).output.split(separator: "\n")
            #expect(lines.first == "2026-11-21 \(offset)" && lines[1].hasPrefix(clock), "\(lines.prefix(2))")
        }
    }
}
