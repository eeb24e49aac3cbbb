import TapCore
import TapWebSocket

/// What tells the whole content of a message from others, in one run of the program, however little of its payload is kept.
package struct MessageDigest: Equatable, Sendable {
    /// Of what it says, inflated.
    package let content: UInt64
    /// Of its payload as it was sent, unmasked.
    package let wire: UInt64
}

/// The same of a message whose end is still to come.
struct DigestInProgress {
    private var content = ContentHash()
    private var wire = ContentHash()
    private let isCompressed: Bool

    init(isCompressed: Bool) { self.isCompressed = isCompressed }

    /// Of a message whose only frame has this payload, as it was sent.
    init(isCompressed: Bool, sent bytes: RawSpan, key: UInt32, _ context: inout AnalysisContext) {
        self.init(isCompressed: isCompressed)
        add(sent: bytes, key: key, phase: 0, &context)
    }

    /// Takes payload as it was sent.
    /// - Parameters:
    ///   - key: the frame's masking key.
    ///   - phase: how many bytes of the frame's payload lie before these.
    mutating func add(sent bytes: RawSpan, key: UInt32, phase: UInt64, _ context: inout AnalysisContext) {
        guard key != 0 else { return wire.add(bytes) }
        var unmasked = context.takeMessageBytes()
        Masking.append(bytes, key: key, phase: phase, to: &unmasked)
        wire.add(unmasked.span.bytes)
        context.messageBytes = unmasked
    }

    /// Takes what that inflated to.
    mutating func add(inflated bytes: RawSpan) { content.add(bytes) }

    var digest: MessageDigest { MessageDigest(content: isCompressed ? content.value : wire.value, wire: wire.value) }
}
