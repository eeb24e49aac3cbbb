/// What `wstap explain tls` says: where the keys of TLS come from.
extension Catalogue {
    /// A program that speaks TLS, and how it is made to write its keys.
    private struct Source {
        let programs: String
        let commands: [String]
        let remark: String

        init(_ programs: String, _ commands: [String], _ remark: String = "") {
            self.programs = programs
            self.commands = commands
            self.remark = remark
        }
    }

    private static let sources = [
        Source(
            "Chromium, Chrome, Edge", ["SSLKEYLOGFILE=keys.log chromium", "chromium --ssl-key-log-file=keys.log"],
            "Only a browser that was not running before takes it up."),
        Source("Firefox", ["SSLKEYLOGFILE=keys.log firefox"]),
        Source(
            "Node", ["node --tls-keylog=keys.log app.js", "NODE_OPTIONS=--tls-keylog=keys.log npm start"],
            "It does not look at SSLKEYLOGFILE."),
        Source(
            "Python", ["SSLKEYLOGFILE=keys.log python3 client.py"],
            "With contexts of ssl.create_default_context(), as most libraries make them; for others set "
                + "context.keylog_filename."),
        Source("curl, wget, programs with GnuTLS", ["SSLKEYLOGFILE=keys.log curl https://…"]),
        Source("Go", ["tls.Config{KeyLogWriter: file}"], "In the program's source."),
        Source(
            "Java", ["java -javaagent:extract-tls-secrets.jar=keys.log -jar app.jar"],
            "The agent is at github.com/neykov/extract-tls-secrets."),
        Source(
            "OpenSSL's tools", ["openssl s_client -keylogfile keys.log -connect host:443"],
            "s_server has the same option. Other programs with OpenSSL write keys only where they ask it to."),
        Source(
            "anything on Linux", ["ecapture tls -m keylog --keylogfile keys.log"],
            "eCapture reads keys out of running programs; its pcapng files hold them, and need no --keylog."),
    ]

    /// How keys are got and used.
    public func explainTLS(to output: inout [UInt8]) {
        paragraph(
            "WebSocket in TLS (wss) is read with the keys that one of the two programs writes into a key log. Give it with "
                + "--keylog, or set SSLKEYLOGFILE, while the packets are captured or later:", to: &output)
        commands(
            ["wstap read --keylog keys.log traffic.pcap", "sudo wstap live -i any --keylog keys.log"], to: &output)
        for source in Catalogue.sources {
            heading(source.programs, to: &output)
            commands(source.commands, to: &output)
            if !source.remark.isEmpty { paragraph(source.remark, to: &output) }
        }
        heading("Why is it not read?", to: &output)
        paragraph(
            "The table says so for each server, and the records “tls” for each connection: there is no key (look for the client "
                + "random in the log), it is another one's, the hellos are not in the capture, bytes are missing, or the cipher is "
                + "not read. Keys of TLS 1.3 open what was captured late; those of TLS 1.2 do only where the hellos were captured.",
            to: &output)
        heading("To send a capture that others can read", to: &output)
        commands(["wstap export traffic.pcap --keylog keys.log --connection 3 --to pcapng -o send.pcapng"], to: &output)
        paragraph(
            "The file holds the keys of that connection, and no others. With --decrypted it holds what the connection carries, "
                + "and no keys. Who has the file can read the connection, and nobody can take that back.", to: &output)
    }
}
