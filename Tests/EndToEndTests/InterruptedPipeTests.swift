import Foundation
import Testing

/// Ctrl-C goes to all programs of a pipeline.
@Suite("Ctrl-C on a pipe")
struct InterruptedPipeTests {
    private static let chat = Wstap.sample("chat.pcap")

    /// Runs a command that reads a pipe, and interrupts it when it has read a part.
    private static func run(_ command: String, interruptions: Int) throws -> Wstap.Result {
        try Wstap.shell(
            """
            set -m; pipe=$(mktemp -u); mkfifo "$pipe"
            '\(Wstap.binary.path)' \(command) < "$pipe" & program=$!
            exec 3> "$pipe"; rm "$pipe"
            head -c 2000 '\(chat)' >&3; sleep 0.5
            for _ in $(seq \(interruptions)); do kill -INT $program; sleep 0.3; done
            tail -c +2001 '\(chat)' >&3 2>/dev/null; exec 3>&-
            wait $program
            """)
    }

    @Test(
        "the first is not for whoever reads: it goes on to the end, and reports",
        arguments: ["read - --format ndjson", "read -", "stats -", "verify -", "export - --to csv -o -"])
    func readsOn(command: String) throws {
        let interrupted = try InterruptedPipeTests.run(command, interruptions: 1)
        let whole = try Wstap.shell("cat '\(InterruptedPipeTests.chat)' | wstap \(command)")
        #expect(interrupted.status == 0 && interrupted.output == whole.output, "\(interrupted.errors)")
        #expect(interrupted.errors.contains("Ctrl-C again ends at once"))
    }

    @Test("the second ends at once")
    func second() throws {
        #expect(try InterruptedPipeTests.run("read -", interruptions: 2).status == 130)
    }

    @Test("a file is given up at once, also on standard input")
    func file() throws {
        let result = try Wstap.shell(
            """
            wstap read - < '\(InterruptedPipeTests.chat)' > /dev/null; echo $?
            wstap live -i lo -w - --duration 1; echo $?
            """)
        #expect(result.output == "0\n64\n")
    }
}
