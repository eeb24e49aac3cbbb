import TapWebSocket

/// Finds out which protocol messages belong to, and has them read as that.
struct ProtocolStage: Sendable {
    private let context: ApplicationContext
    private var annotator: (any Annotator)?
    /// What the annotator reads, which is asked for with each message.
    private(set) var `protocol`: ApplicationProtocol?
    private(set) var recognition: Recognition? { didSet { isRecognitionNew = true } }
    private var isRecognitionNew = true
    /// For messages of no protocol that is known.
    private var values: ValueAnnotator
    private var messagesSeen = 0
    /// Of whom something is missing that came before the protocol was known.
    private var unknownBefore = Set<Sender>()
    /// Messages since the protocol was recognised, none of which parsed.
    private var doubts: Int? = 0

    /// A protocol none of whose first messages parse was none.
    private static let doubtLimit = 4

    init(_ context: ApplicationContext) {
        self.context = context
        values = ValueAnnotator(binaryForm: context.binaryForm)
        (annotator, recognition) = Recognizer.recognize(context)
        `protocol` = annotator?.protocol
    }

    /// What is recognised, once after it has changed.
    mutating func takeNewRecognition() -> Recognition? {
        guard isRecognitionNew else { return nil }
        isRecognitionNew = false
        return recognition
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        if `protocol` == nil { recognize(payload, log) }
        guard `protocol` != nil else { return values.annotate(payload, &log) }
        let before = (log.output.items.count, log.output.findings.count)
        annotator?.annotate(payload, &log)
        guard let count = doubts else { return }
        guard log.isMalformed else {
            doubts = nil
            return
        }
        doubts = count + 1
        if case .path = recognition?.evidence {
            // A path alone accuses nobody.
            log.output.items.removeSubrange(before.0...)
            log.output.findings.removeSubrange(before.1...)
            values.annotate(payload, &log)
        }
        if count + 1 == ProtocolStage.doubtLimit, recognition?.evidence != .choice {
            (annotator, `protocol`, recognition, doubts) = (nil, nil, nil, nil)
            messagesSeen = log.limits.messagesToRecognize
        }
    }

    mutating func lose(_ sender: Sender) {
        if annotator == nil { unknownBefore.insert(sender) } else { annotator?.lose(sender) }
        values.lose(sender)
    }

    private mutating func recognize(_ payload: [UInt8], _ log: ConversationLog) {
        guard messagesSeen < log.limits.messagesToRecognize else { return }
        messagesSeen += 1
        let first = FirstMessage(payload, log.message, context)
        guard let (annotator, reason) = Recognizer.recognize(first) else { return }
        self.annotator = annotator
        // Whoever says what a protocol begins with begins with it.
        for sender in unknownBefore where sender != first.sender { self.annotator?.lose(sender) }
        `protocol` = annotator.protocol
        recognition = Recognition(
            protocol: annotator.protocol, evidence: .message(number: log.message.number, reason))
    }
}
