import ArgumentParser
import TapAnalysis
import TapCore
import TapReports
import TapSources

/// `wstap extcap`, which Wireshark starts under the name `wstap-extcap`.
struct ExtcapCommand: ParsableCommand {
    /// The name of the link in Wireshark's folder.
    static let program = "wstap-extcap"

    static let configuration = CommandConfiguration(
        commandName: "extcap",
        abstract: "A source of packets for Wireshark: WebSocket as plain TCP, whatever carries it.",
        discussion: """
            Wireshark starts it by itself, by a link to the program that is named \(program) and lies in its extcap folder \
            (`make install-extcap`), and offers “WebSocket on eth0” for each interface: what TLS, HTTP/2 and HTTP/3 carry is \
            plain TCP there.

            Examples:
              tshark -i wstap-eth0 -Y websocket
              wstap extcap --extcap-interfaces
            """)

    @Flag(help: "Wireshark asks which interfaces there are.")
    var extcapInterfaces = false

    @Option(help: ArgumentHelp("Wireshark's own version.", valueName: "version"))
    var extcapVersion: String?

    @Option(help: ArgumentHelp("The interface that is meant, with wstap- before its name.", valueName: "name"))
    var extcapInterface: String?

    @Flag(help: "Wireshark asks what the packets of an interface are.")
    var extcapDlts = false

    @Flag(help: "Wireshark asks what can be set for an interface.")
    var extcapConfig = false

    @Flag(help: "Capture.")
    var capture = false

    @Option(help: ArgumentHelp("Where the packets go.", valueName: "path"), completion: .file())
    var fifo: String?

    @Option(help: ArgumentHelp("A pcap filter, as in “tcp port 8080”.", valueName: "bpf"))
    var extcapCaptureFilter: String?

    @Option(
        help: ArgumentHelp("A key log to read TLS with (default: $SSLKEYLOGFILE).", valueName: "file"),
        completion: .file())
    var keylog: String?

    private static let prefix = "wstap-"
    /// Devices that carry no IP.
    private static let others = ["bluetooth", "dbus", "nfqueue", "nflog", "usbmon"]

    func validate() throws {
        if capture, fifo == nil || extcapInterface == nil {
            throw ValidationError("--capture needs --extcap-interface and --fifo")
        }
        guard extcapInterfaces || extcapInterface != nil else {
            throw ValidationError("Wireshark starts this: see make install-extcap")
        }
    }

    func run() throws {
        try Failure.translate {
            if extcapInterfaces { return try list() }
            if extcapDlts { return try say("dlt {number=\(LinkType.raw.rawValue)}{name=RAW}{display=Raw IP}") }
            if extcapConfig {
                return try say(
                    "arg {number=0}{call=--keylog}{display=Key log}{type=fileselect}{mustexist=true}{required=false}"
                        + "{tooltip=The secrets of TLS, as SSLKEYLOGFILE has browsers and others write them}")
            }
            _ = try CaptureFilter.checked(extcapCaptureFilter)
            if capture, let fifo, let extcapInterface { try run(on: extcapInterface, to: fifo) }
        }
    }

    private func list() throws {
        try say("extcap {version=\(Wstap.configuration.version)}{display=wstap}")
        for interface in try NetworkInterface.all() where ExtcapCommand.isOffered(interface) {
            try say(
                "interface {value=\(ExtcapCommand.prefix)\(interface.name)}{display=WebSocket on \(interface.name)}")
        }
    }

    private static func isOffered(_ interface: NetworkInterface) -> Bool {
        // A name with braces or a line end could not be told.
        interface.flags.contains(.up)
            && interface.name.unicodeScalars.allSatisfy { $0 > " " && !"{}".unicodeScalars.contains($0) }
            && !others.contains { interface.name.hasPrefix($0) }
    }

    private func say(_ line: String) throws {
        var output = try Output(path: nil)
        output.buffer += "\(line)\n".utf8
        try output.flush()
    }

    private func run(on name: String, to fifo: String) throws {
        var options = AnalysisOptions()
        options.hurry()
        // Wireshark calls an error whatever a source says.
        let logs = try keylog.map { try KeyLogFiles(paths: [$0]) } ?? KeyLogFiles.ofEnvironment(isTold: false)
        options.tls.secretsMayCome = !logs.isEmpty
        let isOwn = name.hasPrefix(ExtcapCommand.prefix)
        let interface = isOwn ? String(name.dropFirst(ExtcapCommand.prefix.count)) : name
        var pipeline = Pipeline(
            options, redacting: nil, to: try PlainDestination(path: fifo, interface: "WebSocket on \(interface)"),
            isLive: true)
        var capture = LiveOptions()
        capture.filter = extcapCaptureFilter
        var live = try LiveAnalysis(
            interfaces: [interface], options: capture, keptIn: nil, goingOnAs: nil, duration: nil, packets: nil,
            following: logs.isEmpty ? nil : logs, isQuiet: true)
        try live.run(&pipeline)
    }
}
