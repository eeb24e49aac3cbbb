import TapCore
import TapWebSocket

/// Channels of the Kubernetes API server: exec, attach and port-forward, `channel.k8s.io` up to `v5.channel.k8s.io`, plain or
/// in base64. https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ (TranslateStreamCloseWebsocketRequests)
struct KubernetesAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.kubernetes
    private let isBase64: Bool
    private let isPortForward: Bool
    /// Without its request nobody knows what the channels of a connection are.
    private let isPurposeKnown: Bool
    /// Up to version 3 an error is a text, from 4 on a status in JSON.
    private let hasStatus: Bool

    private static let names: [UInt8: String] = [0: "stdin", 1: "stdout", 2: "stderr", 3: "error", 4: "resize"]

    init(_ context: ApplicationContext) {
        isBase64 = context.subprotocol?.contains("base64.") == true
        isPortForward = context.path.hasSuffix("/portforward")
        isPurposeKnown = !context.path.isEmpty
        hasStatus = context.subprotocol.map { $0.hasPrefix("v4.") || $0.hasPrefix("v5.") } ?? true
    }

    static func isSubprotocol(_ name: String) -> Bool { name.hasSuffix("channel.k8s.io") }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard isPurposeKnown else { return }
        guard let first = payload.first else { return log.addMalformed(.kubernetes, "no channel", at: 0) }
        guard isBase64 else { return annotate(first, payload.dropFirst(), &log) }
        guard (0x30...0x39).contains(first), let data = Base64.decode(payload.dropFirst()) else {
            return log.addMalformed(.kubernetes, "no channel with base64", at: 0)
        }
        annotate(first - 0x30, data[...], &log)
    }

    private func annotate(_ channel: UInt8, _ data: ArraySlice<UInt8>, _ log: inout ConversationLog) {
        if isPortForward { return forward(channel, data, &log) }
        if channel == 255, let closed = data.first, data.count == 1 {
            let name = KubernetesAnnotator.names[closed] ?? "channel \(closed)"
            return log.add(ApplicationItem(.kubernetes, "close", name: name, summary: "close \(name)"))
        }
        guard let name = KubernetesAnnotator.names[channel] else {
            return log.addMalformed(.kubernetes, "channel \(channel)", at: 0)
        }
        var item = ApplicationItem(.kubernetes, name, summary: "\(name) \(Excerpt.size(data.count))")
        switch channel {
        case 3 where !data.isEmpty: status(data, &item, &log)
        case 4:
            guard let root = try? JSONDocument(data).root, let width = root["Width"]?.integer,
                let height = root["Height"]?.integer
            else {
                log.mark(&item, malformed: "no width and height", at: 1)
                break
            }
            item.summary = "resize \(width)x\(height)"
        default: break
        }
        log.add(item)
    }

    /// A `Status` of the API, whose causes hold the exit code.
    private func status(_ data: ArraySlice<UInt8>, _ item: inout ApplicationItem, _ log: inout ConversationLog) {
        guard hasStatus, let root = try? JSONDocument(data).root, let status = root["status"]?.string else {
            let text = Excerpt.text(data)
            item.summary = "error \(text)"
            return log.mark(&item, failedWith: nil, text)
        }
        item.name = status
        let causes = root["details"]?["causes"]?.elements ?? []
        let exit = causes.first { $0["reason"]?.string == "ExitCode" }?["message"]?.string
        item.show("exit_code", exit)
        item.show("reason", root["reason"]?.string)
        let text = root["message"]?.string
        item.summary = Excerpt.line(["status", status, exit.map { "exit \($0)" }, text.map { Excerpt.text($0) }])
        if status == "Failure" { log.mark(&item, failedWith: exit ?? root["reason"]?.string, text) }
    }

    /// Two channels for each port, for data and errors; each begins with the port, in two bytes, the lower one first.
    private func forward(_ channel: UInt8, _ data: ArraySlice<UInt8>, _ log: inout ConversationLog) {
        let isError = channel % 2 == 1
        var item = ApplicationItem(.kubernetes, isError ? "error" : "data", name: "forward \(channel / 2)")
        item.summary = "\(item.kind) of forward \(channel / 2) \(Excerpt.size(data.count))"
        if isError, data.count > 2 { log.mark(&item, failedWith: nil, Excerpt.text(data)) }
        log.add(item)
    }
}
