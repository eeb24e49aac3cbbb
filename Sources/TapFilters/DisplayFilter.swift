import TapAnalysis
import TapCore
import TapWebSocket

/// Lets through of the observations what a filter wants to see, in their order.
///
/// A handshake stands above whatever passes of its connection, and the connection's end below it. Findings follow their
/// frame. Where the filter asks about messages, what follows the first frame of a message waits until the message is
/// over, within limits.
public struct DisplayFilter {
    public let expression: FilterExpression
    private var showsFrames: Bool
    private var showsMessages: Bool
    private let needsMessages: Bool
    /// Whether a message is shown with any of its frames.
    private let joinsFrames: Bool
    /// Whether it is asked which connections it holds for, rather than what is to be shown.
    private var isChoosing = false
    /// Whether the absence of a field may make it hold.
    private let mayHoldByAbsence: Bool
    /// Whether a finding that is about no frame is shown with its connection: a missing action has no frame; if the filter
    /// names findings, only those are shown.
    private let showsFindingsOfConnections: Bool
    private var evaluation = FilterEvaluation()
    private var connections: ConnectionTable
    private var held = HeldObservations()
    private var messages: [MessageKey: KnownMessage] = [:]
    /// Frames that have waited for too long, and are to be looked at without their message.
    private var unfinished: Set<FrameKey> = []
    private var latest = Timestamp(nanoseconds: .min)
    private var totals: ShownTotals

    /// Observations, payload bytes, and packet time in nanoseconds, that wait for the end of a message. What waits longer
    /// is looked at without it.
    private static let heldLimit = 4_096
    private static let heldPayloadLimit = 8 << 20
    private static let patience: Int64 = 10_000_000_000

    /// - Parameters:
    ///   - options: what the report wants to see; extended by what the filter must see.
    ///   - payloadLimit: payload bytes of each frame and message that are looked at.
    ///   - joinsFrames: whether a message is shown with any of its frames, for reports that show messages alone.
    public init(
        _ expression: FilterExpression, extending options: inout AnalysisOptions, payloadLimit: Int,
        joinsFrames: Bool = false
    ) {
        self.joinsFrames = joinsFrames
        mayHoldByAbsence = !expression.negated.isEmpty
        let fields = expression.fields
        self.expression = expression
        options.observesConnections = true
        showsFrames = options.observesFrames
        showsMessages = options.observesMessages
        needsMessages = fields.contains { $0.isOfMessage }
        showsFindingsOfConnections = fields.isDisjoint(with: [.finding, .severity, .type])
        totals = ShownTotals(filter: expression.description)
        connections = ConnectionTable(limit: options.connectionLimit)
        if fields.contains(where: { !$0.kinds.isEmpty }) { options.observesFrames = true }
        if needsMessages { options.observesMessages = true }
        if fields.contains(where: { $0.isOfApplication }) { options.decodesMessages = true }
        if fields.contains(where: { $0.isPayload }) { options.payloadLimit = max(options.payloadLimit, payloadLimit) }
    }

    /// A filter that lets through what `filter` certainly holds for, to find the connections that this belongs to.
    public static func choosing(
        _ expression: FilterExpression, extending options: inout AnalysisOptions, payloadLimit: Int
    ) -> DisplayFilter {
        var filter = DisplayFilter(expression, extending: &options, payloadLimit: payloadLimit)
        filter.isChoosing = true
        filter.showsFrames = options.observesFrames
        filter.showsMessages = options.observesMessages
        return filter
    }

    /// What may be shown now: of the batch, and of what has waited.
    /// - Parameter start: when the capture's first packet was seen.
    public mutating func receive(_ batch: Observations, start: Timestamp) -> Observations {
        guard needsMessages else { return batch.with(passing(batch.all[...], of: batch, start)) }
        guard held.isEmpty else {
            let (known, payload) = (held.count, held.payloadCount)
            held.append(batch.all[...], of: batch)
            let rest = held.observations
            let ready = readyCount(held.waiting, known: known, payload: payload, of: rest)
            let passed = passing(held.waiting.prefix(ready), of: rest, start)
            held.removeFirst(ready)
            return rest.with(passed)
        }
        let ready = readyCount(batch.all[...], known: 0, payload: 0, of: batch)
        let passed = passing(batch.all[..<ready], of: batch, start)
        held.append(batch.all[ready...], of: batch)
        return batch.with(passed)
    }

    /// What has waited till the end of the capture.
    public mutating func finish(start: Timestamp) -> Observations {
        let rest = held.observations
        let passed = passing(held.waiting, of: rest, start)
        held.removeFirst(held.count)
        return rest.with(passed)
    }

    /// Whether a comment is shown: one on a packet where the filter holds for it, others always.
    public mutating func passes(_ comment: CaptureComment, start: Timestamp) -> Bool {
        !comment.isOnPacket || evaluation.holds(expression, for: FilterSubject(.comment(comment), start: start))
    }

    /// The same totals, and what was shown.
    public func completed(_ summary: Summary) -> Summary {
        var summary = summary
        summary.shown = totals
        summary.shown?.givenUp = evaluation.givenUp
        return summary
    }

    /// How many can be decided on: all before the first frame whose message is not over, but for those that have waited for
    /// too long. How long that is depends on the observations up to each, and not on where a batch ends.
    /// - Parameters:
    ///   - known: how many of those that wait were looked at before.
    ///   - payload: how many bytes of payload these hold.
    private mutating func readyCount(
        _ waiting: ArraySlice<Observation>, known: Int, payload: Int, of source: Observations
    ) -> Int {
        var (head, payload) = (waiting.startIndex, payload)
        for index in waiting.startIndex + known..<waiting.endIndex {
            note(waiting[index], of: source)
            payload += waiting[index].payloadCount
            while head <= index {
                if case .frame(let frame) = waiting[head], let key = MessageKey(frame), messages[key] == nil {
                    guard
                        index + 1 - head > DisplayFilter.heldLimit || payload > DisplayFilter.heldPayloadLimit
                            || latest.since(frame.time) > DisplayFilter.patience
                    else { break }
                    totals.framesWithoutMessage += 1
                    unfinished.insert(FrameKey(frame))
                }
                payload -= waiting[head].payloadCount
                head += 1
            }
        }
        return head - waiting.startIndex
    }

    /// Remembers messages that are over, and the time.
    private mutating func note(_ observation: Observation, of source: Observations) {
        switch observation {
        case .message(let message):
            // A copy: a part of the batch would keep all of it.
            let payload = Array(source.payload(of: message))[...]
            messages[MessageKey(message)] = KnownMessage(message: message, payload: payload)
            latest = max(latest, message.time)
        case .frame(let frame): latest = max(latest, frame.time)
        case .handshake, .finding, .connection, .tls: break
        }
    }

    private mutating func passing(
        _ all: ArraySlice<Observation>, of source: Observations, _ start: Timestamp
    ) -> [Observation] {
        var passed: [Observation] = []
        for observation in all {
            switch observation {
            case .handshake(let handshake): receive(handshake, start, &passed)
            case .frame(let frame): receive(frame, of: source, start, &passed)
            case .message(let message): receive(message, of: source, start, &passed)
            case .finding(let finding): receive(finding, start, &passed)
            case .connection(let connection): receive(connection, start, &passed)
            case .tls(let unread):
                if holds(for: FilterSubject(.tls(unread), start: start)) { passed.append(observation) }
            }
        }
        return passed
    }

    private mutating func receive(_ handshake: Handshake, _ start: Timestamp, _ passed: inout [Observation]) {
        connections.note(handshake)
        connections.change(handshake.connection) { $0.heldHeading = [.handshake(handshake)] }
        if holds(for: subject(.handshake, of: handshake.connection, start)) {
            showHeading(of: handshake.connection, &passed)
        }
    }

    private mutating func receive(
        _ frame: Frame, of source: Observations, _ start: Timestamp, _ passed: inout [Observation]
    ) {
        var subject = subject(.frame, of: frame.connection, start)
        subject.frame = frame
        subject.framePayload = source.payload(of: frame)
        subject.frameInflated = source.inflated(of: frame)
        let isEarly = unfinished.remove(FrameKey(frame)) != nil
        if !isEarly, let known = MessageKey(frame).flatMap({ messages[$0] }) {
            subject.message = known.message
            subject.messagePayload = known.payload
        }
        let passes = holds(for: subject, isShown: showsFrames)
        connections.change(frame.connection) { facts in
            facts.lastFrame = (frame.number, passes)
            if passes, let message = frame.message { facts.passedMessages[frame.sender] = message }
        }
        guard passes else { return }
        showHeading(of: frame.connection, &passed)
        guard showsFrames else { return }
        totals.frames += 1
        passed.append(.frame(frame))
    }

    private mutating func receive(
        _ message: Message, of source: Observations, _ start: Timestamp, _ passed: inout [Observation]
    ) {
        messages[MessageKey(message)] = nil
        guard showsMessages else { return }
        var subject = subject(.message, of: message.connection, start)
        subject.message = message
        subject.messagePayload = source.payload(of: message)
        let isJoined =
            joinsFrames && connections[message.connection]?.passedMessages[message.sender] == message.number
        guard isJoined || holds(for: subject) else { return }
        showHeading(of: message.connection, &passed)
        totals.messages += 1
        passed.append(.message(message))
    }

    private mutating func receive(_ finding: Finding, _ start: Timestamp, _ passed: inout [Observation]) {
        let facts = connections[finding.connection]
        if let facts, facts.isAboutHandshake(finding) {
            guard facts.isShown else {
                return connections.change(finding.connection) { $0.heldHeading.append(.finding(finding)) }
            }
            return show(finding, &passed)
        }
        if let last = facts?.lastFrame, last.number == finding.frame {
            if last.passes { show(finding, &passed) }
            return
        }
        let isOfShown = showsFindingsOfConnections && finding.frame == nil && facts?.isShown == true
        guard isOfShown || holds(for: subject(.finding(finding), of: finding.connection, start)) else { return }
        showHeading(of: finding.connection, &passed)
        show(finding, &passed)
    }

    private mutating func receive(_ connection: Connection, _ start: Timestamp, _ passed: inout [Observation]) {
        let isShown = connections[connection.number]?.isShown ?? false
        let subject = subject(.connection(connection), of: connection.number, start)
        if isShown || holds(for: subject) {
            showHeading(of: connection.number, &passed)
            passed.append(.connection(connection))
        }
        connections[connection.number] = nil
    }

    /// - Parameter isShown: whether the record is shown if it holds.
    private mutating func holds(for subject: FilterSubject, isShown: Bool = true) -> Bool {
        guard !isChoosing else { return evaluation.certainlyHolds(expression, for: subject) }
        guard evaluation.holds(expression, for: subject) else { return false }
        if mayHoldByAbsence, isShown {
            for field in evaluation.fieldsAbsent(from: subject, for: expression) {
                totals.absent[field.rawValue, default: 0] += 1
            }
        }
        return true
    }

    private mutating func show(_ finding: Finding, _ passed: inout [Observation]) {
        totals.count(finding.violation)
        passed.append(.finding(finding))
    }

    /// Something of a connection is shown: its handshake stands above.
    private mutating func showHeading(of connection: Int, _ passed: inout [Observation]) {
        guard connections[connection]?.isShown == false else { return }
        var heading: [Observation] = []
        connections.change(connection) { facts in
            facts.isShown = true
            swap(&heading, &facts.heldHeading)
        }
        totals.connections += 1
        for case .finding(let finding) in heading { totals.count(finding.violation) }
        passed += heading
    }

    private func subject(_ record: FilterSubject.Record, of connection: Int, _ start: Timestamp) -> FilterSubject {
        var subject = FilterSubject(record, start: start)
        subject.handshake = connections[connection]?.handshake
        return subject
    }
}
