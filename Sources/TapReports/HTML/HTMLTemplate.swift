import TapCore

/// The parts of a report in HTML that are the same for every capture. Everything is in the one file; nothing is loaded,
/// and the policy in the head allows no script and no style but those that stand here.
enum HTMLTemplate {
    /// All up to the frames' data.
    static let head: String = head("WebSocket report", style: style, policy: policy) + "\n" + body

    /// All up to what a page shows, which has one style of its own.
    /// - Parameter policy: what it may do beyond that. Content Security Policy, level 3.
    static func head(_ title: String, style: String, policy: [String]) -> String {
        let rules = [
            "default-src 'none'", "style-src '\(hash(style))'", "img-src data:", "base-uri 'none'",
            "form-action 'none'",
        ]
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\((rules + policy).joined(separator: "; "))">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <link rel="icon" href="data:,">
            <title>\(title) · wstap</title>
            <style>\(style)</style>
            </head>
            <body>
            """
    }

    /// What stands around a data island. Browsers run no script of this type.
    static func island(_ name: String) -> String { "\n<script type=\"application/json\" id=\"\(name)\">\n" }

    static let islandEnd = "</script>"

    /// All after the data.
    static let foot = "\n<script>\(script)</script>\n</body>\n</html>\n"

    private static let script = "\n" + [common, lists, charts, page].joined(separator: "\n") + "\n"

    private static let policy = [
        "script-src '\(hash(script))'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    ]

    private static func hash(_ text: String) -> String {
        "sha256-" + Base64.string(SHA256.digest(of: text.utf8.span.bytes).span.bytes)
    }

    private static let body = #"""
        <a class="skip" href="#frames-section">Skip to the frames</a>
        <header><div>
        <h1>WebSocket report</h1>
        <p class="faint" id="span"></p>
        <p class="faint" id="scope"></p>
        <dl class="tiles" id="tiles"></dl>
        <noscript><p class="warning">This report shows its data by a script of its own: it needs JavaScript, and loads
        nothing.</p></noscript>
        </div></header>
        <main>
        <section class="card" aria-labelledby="activity-title">
        <h2 id="activity-title">Activity</h2>
        <div id="activity"></div>
        <div class="legend"><span><b class="client">▲ client</b> frames above the line</span>
        <span><b class="server">▼ server</b> frames below it</span>
        <span>Drag over a span of time to see only its frames.</span></div>
        </section>
        <section class="card" id="answers-section" aria-labelledby="answers-title" hidden>
        <h2 id="answers-title">Answers</h2>
        <div id="answers"></div>
        <div class="legend"><span><b class="client">● client</b> answered</span>
        <span><b class="server">● server</b> answered</span><span><b class="error">●</b> with an error</span>
        <span>The higher, the later. Choose one to see it in its connection.</span></div>
        </section>
        <section class="card" aria-labelledby="findings-title">
        <h2 id="findings-title">Findings</h2>
        <div id="findings"></div>
        </section>
        <section class="card" aria-labelledby="connections-title">
        <h2 id="connections-title">Connections</h2>
        <div class="filters"><label class="wide">Search in connections <input type="search" id="search-connections"
          autocomplete="off" spellcheck="false"></label></div>
        <div id="connections" class="grid"></div>
        <p class="faint" role="status" id="shown-connections"></p>
        </section>
        <section class="card" id="connection-section" aria-labelledby="connection-title">
        <h2 id="connection-title">Connection</h2>
        <div class="columns">
        <div id="handshake"></div>
        <div class="diagram"><div id="sequence" role="region" tabindex="0" aria-label="Sequence diagram"></div>
        <div class="legend"><span class="client">→ from the client</span><span class="server">← from the server</span>
        <span>dashed: control frames</span><span>bars: from a request to its answer</span></div></div>
        </div>
        </section>
        <section class="card" id="frames-section" aria-labelledby="frames-title">
        <h2 id="frames-title">Frames</h2>
        <form class="filters" role="search" id="filters">
        <label class="wide">Search in payloads <input type="search" id="search" autocomplete="off" spellcheck="false"></label>
        <label class="check"><input type="checkbox" id="by-pattern"> regular expression</label>
        <label>Connection <input type="number" id="by-connection" min="1" step="1" placeholder="all"></label>
        <label>Sender <select id="by-sender"><option value="">both</option><option value="0">client</option>
        <option value="1">server</option></select></label>
        <label>Kind <select id="by-kind"><option value="">all</option><option value="1">text</option>
        <option value="2">binary</option><option value="0">continuation</option><option value="8">close</option>
        <option value="9">ping</option><option value="10">pong</option></select></label>
        <label>From second <input type="number" id="from-time" min="0" step="any" placeholder="start"></label>
        <label>To second <input type="number" id="to-time" min="0" step="any" placeholder="end"></label>
        <label class="check"><input type="checkbox" id="only-findings"> with findings</label>
        <button type="reset">Clear</button>
        </form>
        <p class="faint" role="status" id="shown"></p>
        <div id="frames-grid" class="grid"></div>
        <p class="faint"><kbd>/</kbd> search · <kbd>↑</kbd> <kbd>↓</kbd> choose a frame · <kbd>Esc</kbd> clear ·
        the address of this page names what is chosen</p>
        <div id="detail" role="region" aria-label="The chosen frame" aria-live="polite"></div>
        </section>
        </main>
        """#
}
