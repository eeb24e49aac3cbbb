import TapWebSocket

/// What became of a message between two captures.
struct ComparedPair: Sendable {
    enum Change: String, Sendable, CaseIterable {
        /// The other capture has everything that was sent there, and not this.
        case onlyInFirst = "only-in-first"
        case onlyInSecond = "only-in-second"
        /// The other capture lacks bytes there, or ends before.
        case unknown
        /// Another content stands in its place.
        case changed
        /// It stands at another place among the others.
        case reordered
        case delayed
        case refragmented = "re-fragmented"
        case compressed
        case decompressed
        /// Compressed in another way.
        case recompressed = "re-compressed"
        case remasked = "re-masked"

        /// Whether it says that both captures differ.
        var isDifference: Bool { self != .unknown }

        /// Whether all that there is to say of it beside is how long the message took.
        var isOfTime: Bool { self == .delayed || self == .reordered }
    }

    let sender: Sender
    let first: ComparedMessage?
    let second: ComparedMessage?
    /// How long it took from one capture to the other, in nanoseconds; `nil` where that is not known.
    let delay: Int64?
    let changes: [Change]

    var isDifferent: Bool { changes.contains(where: \.isDifference) }

    /// Whether there is anything to say of it.
    var isRemarkable: Bool { !changes.isEmpty }
}

extension ComparedMessage.Form {
    /// What was made of a message that says the same.
    /// - Parameter isMasked: whether masking keys are compared.
    func changes(to other: ComparedMessage.Form, isMasked: Bool) -> [ComparedPair.Change] {
        var changes: [ComparedPair.Change] = []
        switch (isCompressed, other.isCompressed) {
        case (true, false): changes.append(.decompressed)
        case (false, true): changes.append(.compressed)
        case (true, true) where bytes != other.bytes: changes.append(.recompressed)
        default: break
        }
        // Of what is compressed anew no frame has the length that it had.
        if frames != other.frames || changes.isEmpty && cuts != other.cuts { changes.append(.refragmented) }
        // A frame that is cut in two needs a key more, so that it says nothing more of it.
        if isMasked, masks != other.masks, !changes.contains(.refragmented) { changes.append(.remasked) }
        return changes
    }
}
