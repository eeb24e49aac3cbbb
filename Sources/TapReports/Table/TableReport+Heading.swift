import TapAnalysis
import TapCore
import TapHTTP
import TapSubprotocols
import TapWebSocket

extension TableReport {
    mutating func writeHeading(_ handshake: Handshake, _ writer: inout TerminalWriter) {
        let number = handshake.connection
        let items =
            handshake.verdictItems + [Piece("\(named(handshake.client)) → \(named(handshake.server))", .faint)]
            + handshake.network.elements.map { Piece($0.description) }
            + (handshake.process.map { [Piece("\($0.name) (\($0.identifier))")] } ?? [])
            + (handshake.proxied.map { [Piece($0)] } ?? []) + handshake.requestItems + handshake.negotiationItems
            + (handshake.tls.map(\.items) ?? []) + (handshake.pair?.items(of: handshake) ?? []) + streamItems(handshake)
        writer.flow(items: items, limit: 2 * TerminalWriter.lineLimit) { writer in indent(number, &writer) }
        writer.endLine()
        if let body = ShownBody(of: handshake, options.payload) {
            indent(number, &writer)
            writer.write(body) { writer in indent(number, &writer) }
        }
        for violation in handshake.violations where !handshake.verdict.implies(violation.id) {
            indent(number, &writer)
            writeFinding(violation, number, &writer)
        }
    }
}

extension TLSDetails {
    /// `TLS 1.3 TLS_AES_128_GCM_SHA256`
    fileprivate var items: [Piece] {
        let how = keys == .search ? " its handshake was not captured" : ""
        return [Piece(agreed + how, .faint)]
    }
}

extension TableReport {
    /// What to ask Wireshark for, as it is typed there.
    private func streamItems(_ handshake: Handshake) -> [Piece] {
        guard options.showsHeaders else { return [] }
        let number = options.streamNumber?(handshake.client, handshake.server, handshake.packet)
        return [Piece(handshake.displayFilter(ofStream: number), .faint)]
    }

    /// An endpoint, and what its address is called: the name that is told last counts, as with tshark.
    private func named(_ endpoint: Endpoint) -> String {
        options.names[endpoint.address].last.map { "\(endpoint) (\($0))" } ?? "\(endpoint)"
    }
}

extension Verdict {
    /// Whether the verdict says as much as the finding does.
    fileprivate func implies(_ id: FindingID) -> Bool {
        switch self {
        case .refused: id == .handshakeRefused
        case .unanswered: id == .handshakeUnanswered
        case .midstream: true
        case .valid, .invalid, .unverifiable: false
        }
    }
}

extension Handshake {
    /// The verdict with its mark, and in a few words why.
    fileprivate var verdictItems: [Piece] {
        let reason: String? =
            switch verdict {
            case .valid, .invalid: nil
            case .refused: refusal
            case .unanswered: "no response was captured"
            case .unverifiable: missingPart
            case .midstream: "the handshake was not captured"
            }
        let mark = verdict.mark
        return [Piece("\(mark.sign) \(verdict.rawValue)", mark.ink)] + (reason.map { [Piece($0)] } ?? [])
            + (responseItem.map { [$0] } ?? [])
    }

    /// How long the response took, where that is long enough to be noticed.
    private var responseItem: Piece? {
        guard let status, let time = responseTime, time >= Handshake.noticeable else { return nil }
        return Piece("\(status) after \(Seconds.text(time))")
    }

    private static let noticeable: Int64 = 100_000_000

    /// Which head there is no whole of.
    private var missingPart: String {
        guard let request else { return "the request was not captured" }
        guard request.isWhole else { return "the request was captured in part" }
        return response == nil ? "the response was not captured" : "the response was captured in part"
    }

    private var refusal: String? {
        guard case .response(_, let status, let reason) = response?.startLine else { return nil }
        return reason.isEmpty ? "\(status)" : "\(status) \(reason)"
    }

    /// `GET localhost:8080/chat`, or `GET /chat` where the host is the server's address; and where the page with the client came
    /// from.
    fileprivate var requestItems: [Piece] {
        guard let request, let resource, case .request(let method, _, _) = request.startLine else {
            return streamWords.map { [Piece($0)] } ?? []
        }
        let before = streamWords.map { "\(method) \($0) " } ?? "\(method) "
        return [Piece(besideServer(resource), .strong, after: before)]
            + request.fields["Origin"].prefix(1).map { Piece("Origin \($0)") }
    }

    /// A host and path where the server's address stands before it: most lines have room for it without that.
    func besideServer(_ resource: String) -> String {
        let address = "\(server)/"
        return resource.hasPrefix(address) ? String(resource.dropFirst(address.utf8.count - 1)) : resource
    }

    /// What the peers agreed on, and what was offered in vain.
    fileprivate var negotiationItems: [Piece] {
        guard isAgreed, let response else { return [] }
        return negotiated("subprotocol", response.fields.list("Sec-WebSocket-Protocol"), "Sec-WebSocket-Protocol")
            + (compression.map { [Piece($0, .faint)] }
                ?? negotiated("extension", extensions, "Sec-WebSocket-Extensions"))
    }

    private func negotiated(_ what: String, _ chosen: [String], _ field: String) -> [Piece] {
        guard chosen.isEmpty else { return [Piece("\(what) \(chosen.joined(separator: ", "))")] }
        guard let offered = request?.fields.list(field), !offered.isEmpty else { return [] }
        return [Piece("no \(what) (offered: \(offered.joined(separator: ", ")))", .faint)]
    }
}
