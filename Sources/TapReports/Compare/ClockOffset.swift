/// How far two clocks are apart, from what went by both of them in both directions: as NTP finds it. RFC 5905 §8.
///
/// What goes past one capture and then the other takes some time, and more than none either way; so the least differences in both
/// directions are limits between which the offset lies for certain, as long as both clocks run alike. Where exactly it lies
/// cannot be told: that the way there takes as long as the way back is the likeliest, and nothing more.
struct ClockOffset: Equatable, Sendable {
    enum Place: String, Sendable {
        case first, second
    }

    enum Unknown: String, Error, Sendable {
        /// Nothing can be recognised in both captures.
        case nothingShared = "nothing-shared"
        /// What both have went in one direction only.
        case oneWay = "one-way"
        /// The clocks run apart, or one was set.
        case unsteady
    }

    /// How many nanoseconds the second clock is ahead of the first.
    let nanoseconds: Int64
    /// It is wrong by no more than that.
    let uncertainty: Int64
    /// The capture that is nearer to the client.
    let nearClient: Place

    /// The clock of one capture.
    init(ofOneClockWith samples: OffsetSamples) {
        nanoseconds = 0
        uncertainty = 0
        let isFirst = (samples.fromClient.least ?? 0) >= 0 && (samples.fromServer.most ?? 0) <= 0
        nearClient = isFirst ? .first : .second
    }

    init(_ samples: OffsetSamples) throws(Unknown) {
        guard let client = samples.fromClient.range, let server = samples.fromServer.range else {
            throw samples.fromClient.range == nil && samples.fromServer.range == nil ? .nothingShared : .oneWay
        }
        let limits: ClosedRange<Int64>
        if server.upperBound <= client.lowerBound {
            (nearClient, limits) = (.first, server.upperBound...client.lowerBound)
        } else if client.upperBound <= server.lowerBound {
            (nearClient, limits) = (.second, client.upperBound...server.lowerBound)
        } else {
            throw .unsteady
        }
        let half = Int64(
            clamping: limits.upperBound.subtractingReportingOverflow(limits.lowerBound).partialValue.magnitude / 2)
        nanoseconds = limits.lowerBound &+ half
        uncertainty = half
    }
}

/// How much later things were seen by the second clock than by the first, in nanoseconds.
struct OffsetSamples: Sendable {
    struct Direction: Sendable {
        private(set) var least: Int64?
        private(set) var most: Int64?

        var range: ClosedRange<Int64>? {
            guard let least, let most else { return nil }
            return least...most
        }

        mutating func add(_ difference: Int64) {
            least = min(least ?? difference, difference)
            most = max(most ?? difference, difference)
        }
    }

    var fromClient = Direction()
    var fromServer = Direction()
}
