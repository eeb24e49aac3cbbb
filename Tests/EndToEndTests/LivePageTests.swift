import Foundation
import Testing

/// What the cookbook shows of an interface is what its commands print while a sample is played on one.
@Suite("The cookbook, where it captures", .serialized, .ownNetwork)
struct LivePageTests {
    /// What needs an interface, a terminal, another machine or Wireshark; other tests look at those that are not here.
    static let elsewhere: Set = ["sudo", "ssh", "curl", "tshark"]

    /// The words of an output, in which numbers and units are alike: no two runs take the same time.
    static func words(_ output: String) -> [String] {
        output.split { $0.isWhitespace || "▁▂▃▄▅▆▇█".contains($0) }.map { word in
            ["ns", "µs", "ms", "s"].contains(word) ? "s" : String(word).replacing(/[0-9][0-9.,:]*/, with: "0")
        }
    }

    private static func command(of program: String, containing text: String) throws -> DocumentedBlock.Command {
        try #require(
            CookbookTests.blocks.flatMap(\.commands).first { $0.program == program && $0.line.contains(text) })
    }

    /// Runs a line of shell beside a sample.
    private static func play(
        _ line: String, in folder: TemporaryFolder, then: String? = nil
    ) throws -> Wstap.Result {
        let programs = Wstap.binary.deletingLastPathComponent().path
        let environment = "cd '\(folder.url.path)'; export COLUMNS=100 PATH='\(programs)':\"$PATH\"; exec \(line)"
        return try Wstap.played(
            Wstap.sample("faults/exception.pcap"), beside: ["/bin/bash", "-c", environment], then: then)
    }

    @Test("prints what its commands print, but for times", arguments: ["follow", "live"])
    func commands(name: String) throws {
        let folder = try TemporaryFolder()
        let command = try LivePageTests.command(of: "sudo", containing: "wstap \(name) ")
        let result = try LivePageTests.play(String(command.line.dropFirst("sudo ".count)), in: folder)
        #expect(result.status == 0 && LivePageTests.words(result.output) == LivePageTests.words(command.output))
        guard name == "live" else { return }
        #expect(FileManager.default.fileExists(atPath: folder.path("traffic.db")))
        #expect(try String(contentsOfFile: folder.path("alarms"), encoding: .utf8) == "close-abnormal\n")
    }

    @Test("is what the README shows of it")
    func readme() throws {
        let parts = try [CookbookTests.page, "README.md"].map { name in
            try String(contentsOf: Wstap.project.appendingPathComponent(name), encoding: .utf8)
                .components(separatedBy: "```\n")
        }
        for beginning in ["wstap top · standard input", "$ sudo wstap follow -i"] {
            let shown = try #require(parts[1].first { $0.hasPrefix(beginning) }, "\(beginning)")
            #expect(parts[0].contains { $0.contains(shown) }, "\(beginning)")
        }
    }

    @Test("metrics are those that it shows")
    func metrics() throws {
        let folder = try TemporaryFolder()
        let command = try LivePageTests.command(of: "curl", containing: "/metrics")
        let scraped = folder.path("scraped")
        // What stands in for curl, and waits until the connection has ended.
        let script = try folder.file(
            "curl.py",
            Data(
                "import sys, urllib.request\nprint(urllib.request.urlopen('http://' + sys.argv[-1]).read().decode(), end='')"
                    .utf8))
        let then = """
            curl() { /usr/bin/python3 '\(script)' "$@"; }
            until curl 127.0.0.1:9100/metrics | grep -q '^wstap_closes'; do sleep 0.05; done
            \(command.line) > '\(scraped)'
            """
        let result = try LivePageTests.play(
            "wstap live -i lo -q --metrics 127.0.0.1:9100", in: folder, then: then)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try String(contentsOfFile: scraped, encoding: .utf8) == command.output)
    }
}
