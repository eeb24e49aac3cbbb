import TapCore
import TapWebSocket

/// What annotators write to: the items and findings of the message that is being read, and what is remembered of the
/// connection for later messages.
struct ConversationLog: Sendable {
    let limits: ApplicationLimits
    /// Of all connections, for as long as a message of this one is read.
    var room = ApplicationRoom()
    var output = ApplicationOutput()
    /// The message that is being read.
    private(set) var message: ApplicationMessage
    private var exchanges = Exchanges()
    private var heartbeats = Heartbeats()
    private var itemsOfMessage = 0
    /// When each side last said something, of what was read.
    private var heard = (client: Timestamp(nanoseconds: .min), server: Timestamp(nanoseconds: .min))
    /// When the peers began to part, as far as messages say so.
    private var closing: Timestamp?
    /// Whether the message held anything that the protocol of the connection cannot be.
    private(set) var isMalformed = false
    /// Findings about messages that do not parse, which could otherwise be as many as messages.
    private var malformedMessages = 0

    private static let malformedLimit = 32

    init(limits: ApplicationLimits) {
        self.limits = limits
        let start = Timestamp(nanoseconds: 0)
        message = ApplicationMessage(number: 0, sender: .client, isText: true, firstTime: start, time: start)
    }

    // MARK: Messages

    /// - Parameter protocol: of the connection, as far as is known before the message is read.
    mutating func begin(_ message: ApplicationMessage, _ protocol: @autoclosure () -> ApplicationProtocol?) {
        self.message = message
        itemsOfMessage = 0
        isMalformed = false
        if message.sender == .client {
            heard.client = max(heard.client, message.time)
        } else {
            heard.server = max(heard.server, message.time)
        }
        if let silence = heartbeats.hear(message) { report(silence, of: message.sender, `protocol`()) }
    }

    /// The message was read.
    func end() { room.spareDocument?.clear() }

    /// Something of a direction is missing in the capture: an answer may be among it, or an id that is used again.
    mutating func lose(_ sender: Sender) {
        exchanges.removeAll(&room)
        heartbeats.lose(sender)
    }

    /// From now on nobody owes an answer.
    mutating func beginClosing(at time: Timestamp) { closing = closing ?? time }

    mutating func finish(at time: Timestamp, isClosed: Bool, _ protocol: ApplicationProtocol?)
        -> [PendingApplicationRequest]
    {
        let end = closing.map { min($0, time) } ?? time
        var pending: [PendingApplicationRequest] = []
        for (key, request) in exchanges.pending where request.demandsAnswer {
            let waited = end.elapsed(since: request.time) ?? 0
            let outcome: PendingApplicationRequest.Outcome =
                !isClosed ? .captureEnded : waited > limits.slow ? .unanswered : .closed
            pending.append(
                PendingApplicationRequest(
                    protocol: request.protocol, kind: request.kind, name: request.name, id: key.id, sender: key.sender,
                    message: request.message, time: request.time, outcome: outcome))
            guard outcome == .unanswered else { continue }
            let what = Excerpt.line([request.kind, request.name, key.id.isEmpty ? nil : "id \(key.id)"])
            add(
                .unanswered, request.protocol, about: request.message, of: key.sender.peer, at: end,
                "the \(key.sender.peer) never answered \(what), for \(Seconds.text(waited))")
        }
        for sender in Sender.allCases {
            if let silence = heartbeats.silence(of: sender, until: end) { report(silence, of: sender, `protocol`) }
        }
        exchanges.removeAll(&room)
        return pending
    }

    // MARK: Items

    mutating func add(_ item: consuming ApplicationItem) {
        itemsOfMessage += 1
        guard itemsOfMessage <= limits.itemsPerMessage else {
            room.itemsLeftOut &+= 1
            return
        }
        output.items.append(item)
    }

    /// Adds an item that says no more than that its sender is alive.
    mutating func addHeartbeat(_ protocol: ApplicationProtocol, _ kind: String) {
        var item = ApplicationItem(`protocol`, kind, summary: kind)
        item.isHeartbeat = true
        add(item)
    }

    /// Adds an item for the rest of a unit whose beginning is missing, and which may hold a secret.
    mutating func addRest(_ protocol: ApplicationProtocol, _ range: Range<Int>) {
        var item = ApplicationItem(`protocol`, "rest", summary: "rest of something, \(Excerpt.size(range.count))")
        item.secrets = [range].filter { !$0.isEmpty }
        add(item)
    }

    /// Takes note of a unit that is too long to be read.
    mutating func leaveOut() { room.itemsLeftOut &+= 1 }

    /// Whether there is room for a further item of this message.
    var isFull: Bool { itemsOfMessage >= limits.itemsPerMessage }

    /// Tells that something in the message cannot be the protocol's.
    mutating func addMalformed(_ protocol: ApplicationProtocol, _ reason: String, at offset: Int) {
        isMalformed = true
        malformedMessages += 1
        guard malformedMessages <= ConversationLog.malformedLimit else { return }
        add(.malformed, `protocol`, "\(reason), at byte \(offset)")
    }

    /// Reads a text that has to be one JSON value; if it is not, reports why and returns `nil`.
    mutating func json(_ text: ArraySlice<UInt8>, _ protocol: ApplicationProtocol) -> JSONValue? {
        do {
            return try JSONDocument.read(text, reusing: &room.spareDocument)
        } catch {
            addMalformed(`protocol`, error.reason, at: error.offset)
            return nil
        }
    }

    /// Marks an item of which only a part could be read.
    mutating func mark(_ item: inout ApplicationItem, malformed reason: String, at offset: Int) {
        item.malformed = ApplicationItem.Fault(reason: reason, offset: offset)
        addMalformed(item.protocol, "\(item.kind): \(reason)", at: offset)
    }

    /// Marks an item by which the protocol says that something failed.
    mutating func mark(_ item: inout ApplicationItem, failedWith code: String?, _ text: String?) {
        item.error = ApplicationItem.Failure(code: code, text: text)
        // Some are named for what failed, or say their code once more in words.
        var words: [String] = []
        for word in [item.name ?? item.kind, code, text].compactMap({ $0 }) where !word.isEmpty && word != words.last {
            words.append(word)
        }
        add(.error, item.protocol, words.joined(separator: " "))
    }

    private mutating func add(_ id: ApplicationFinding.ID, _ protocol: ApplicationProtocol, _ detail: String) {
        add(id, `protocol`, about: message.number, of: message.sender, at: message.time, detail)
    }

    private mutating func add(
        _ id: ApplicationFinding.ID, _ protocol: ApplicationProtocol, about number: Int?, of sender: Sender,
        at time: Timestamp, _ detail: String
    ) {
        output.findings.append(
            ApplicationFinding(
                id: id, protocol: `protocol`, sender: sender, message: number, time: time, detail: detail))
    }

    // MARK: Requests and answers

    /// Takes note of a request of this message's sender.
    ///
    /// - Parameter isRepeat: whether the protocol says that it is the same request once more; the first one counts.
    mutating func ask(
        _ item: ApplicationItem, _ scope: Exchanges.Scope = .request, id: String, demandsAnswer: Bool = true,
        isRepeat: Bool = false
    ) {
        let key = Exchanges.Key(sender: message.sender, scope: scope, id: id)
        if isRepeat, exchanges.isOpen(key) { return }
        // A side whose beginning was sought is read late: then the answer may have been read before.
        let isLate = message.time < (message.sender == .client ? heard.server : heard.client)
        let demandsAnswer = demandsAnswer && !isLate
        let previous = exchanges.ask(key, item, in: message, demandsAnswer: demandsAnswer, limits, &room)
        guard let previous, previous.demandsAnswer, demandsAnswer else { return }
        addDuplicate(item, id: id, since: previous.message)
    }

    /// Whether the sender of this message has an open request.
    func isOpen(_ scope: Exchanges.Scope, id: String) -> Bool {
        exchanges.isOpen(Exchanges.Key(sender: message.sender, scope: scope, id: id))
    }

    /// Tells that an id is used again.
    mutating func addDuplicate(_ item: ApplicationItem, id: String, since message: Int? = nil) {
        let since = message.map { " of message \($0)" } ?? ""
        add(.duplicateID, item.protocol, "\(item.kind) uses id \(id)\(since) again, which is still open")
    }

    /// Marks an item as the answer to a request of the other side, and returns that. It is late where it took too long.
    @discardableResult
    mutating func answer(
        _ item: inout ApplicationItem, _ scope: Exchanges.Scope = .request, id: String, isLast: Bool = true
    ) -> Exchanges.Request? {
        let key = Exchanges.Key(sender: message.sender.peer, scope: scope, id: id)
        guard let request = exchanges.answer(key, isLast: isLast, &room) else { return nil }
        let latency = message.time.elapsed(since: request.time)
        item.answer = ApplicationItem.Answer(message: request.message, latency: latency)
        if let latency, latency > limits.slow, request.demandsAnswer {
            let what = Excerpt.line([request.kind, request.name])
            add(.slow, item.protocol, "\(what) was answered after \(Seconds.text(latency))")
        }
        return request
    }

    /// A request of this message's sender needs no answer any more.
    mutating func withdraw(_ scope: Exchanges.Scope = .request, id: String) {
        _ = exchanges.answer(Exchanges.Key(sender: message.sender, scope: scope, id: id), isLast: true, &room)
    }

    // MARK: Heartbeats

    /// From now on a side is to say something at least every so many nanoseconds.
    mutating func expect(from sender: Sender, within nanoseconds: Int64, _ reason: String) {
        heartbeats.expect(from: sender, within: nanoseconds, reason)
    }

    /// From now on a side has so many nanoseconds to say something once it was pinged.
    mutating func expectAnswer(from sender: Sender, within nanoseconds: Int64, _ reason: String) {
        heartbeats.expectAnswer(from: sender, within: nanoseconds, reason)
    }

    /// The message asks its receiver for a sign of life.
    mutating func ping() { heartbeats.ping(message.sender.peer, at: message.time) }

    private mutating func report(
        _ silence: Heartbeats.Silence, of sender: Sender, _ protocol: ApplicationProtocol?
    ) {
        guard let `protocol` else { return }
        add(
            .heartbeatMissed, `protocol`, about: silence.message, of: sender, at: message.time,
            "the \(sender) was silent for \(Seconds.text(silence.nanoseconds)), with at most "
                + "\(Seconds.text(silence.allowed)) allowed (\(silence.reason))")
    }
}
