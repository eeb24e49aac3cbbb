import TapHTTP
import TapReports
import Testing

@Suite("What a proxy said, in reports")
struct ProxyReportTests {
    private func text(_ proxy: ProxyHeader, of report: any Report) -> String {
        var script = Script()
        script.handshake(proxy: proxy)
        return script.text(of: report)
    }

    @Test("the table and the report of verify name the addresses")
    func addresses() {
        let words = [
            "proxied for 203.0.113.7:56324 → 192.0.2.1:443", "proxied for /run/a → /run/b", "",
            "to a.test:80 by way of SOCKS",
        ]
        for (proxy, words) in zip(Script.proxies, words) {
            #expect(text(proxy, of: TableReport(width: 200)).contains(words) || words.isEmpty)
            #expect(text(proxy, of: HandshakeReport(width: 200)).contains(words) || words.isEmpty)
            #expect(words.hasPrefix("proxied") == text(proxy, of: TableReport(width: 200)).contains("proxied"))
        }
    }

    @Test("the record has them as endpoints, or as paths")
    func records() throws {
        var script = Script()
        for proxy in Script.proxies { script.handshake(proxy: proxy) }
        let proxies = script.lines(ReportOptions(events: .handshake)).compactMap { line in
            line.split(separator: #""proxy":"#).last.map { $0.prefix { $0 != "}" } }
        }
        #expect(proxies[0].hasPrefix(#"{"version":1,"client":{"ip":"203.0.113.7","port":56324"#))
        #expect(proxies[1] == #"{"version":2,"client_path":"/run/a","server_path":"/run/b""#)
        #expect(proxies[2] == #"{"version":2"#)
        #expect(proxies[3] == #"{"version":5,"requested":{"host":"a.test","port":80"#)
    }

    @Test("a target that names its host stands alone")
    func absolute() {
        var script = Script()
        script.handshake(request: Script.request(target: "ws://there/chat"))
        #expect(script.text(of: TableReport(width: 200)).contains("· GET ws://there/chat"))
        #expect(script.text(of: HandshakeReport(width: 200)).contains("  ws://there/chat\n"))
    }
}

extension Script {
    /// Headers with addresses, with paths, with neither, and what a client of SOCKS asked for.
    static let proxies = [
        ProxyHeader(
            version: 1,
            addresses: .internet(
                source: [203, 0, 113, 7], sourcePort: 56_324, destination: [192, 0, 2, 1], destinationPort: 443)),
        ProxyHeader(version: 2, addresses: .unix(source: Array("/run/a".utf8), destination: Array("/run/b".utf8))),
        ProxyHeader(version: 2, addresses: .none),
        ProxyHeader(version: 5, addresses: .requested("a.test", port: 80)),
    ]
}
