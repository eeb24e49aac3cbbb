import TapAnalysis
import TapCore
import TapFilters
import TapTestSupport

/// Display filters: one that is written from its tree has the same tree, what is wrong lies in the text, and of the frames of a
/// conversation each passes either the filter or its negation.
///
/// The input is the filter, UTF-8 or not.
enum FilterTarget {
    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(FilterError) {
            let expression = try FilterExpression(text)
            checkWriting(expression)
            let passed = frames(passing: expression)
            let others = frames(passing: .not(expression))
            Property.hold(passed.isDisjoint(with: others), "no frame passes “\(text)” and its negation: \(passed)")
            Property.hold(passed.count + others.count == frameCount, "each frame passes “\(text)” or its negation")
        } catch {
            let isInside = error.range.lowerBound >= 0 && error.range.upperBound <= max(1, text.utf8.count)
            Property.hold(isInside, "\(error) lies in “\(text)”")
        }
    }

    private static func checkWriting(_ expression: FilterExpression) {
        let written = expression.description
        do throws(FilterError) {
            let again = try FilterExpression(written)
            Property.hold(again == expression, "“\(written)” has the tree that it was written from")
        } catch {
            Property.hold(false, "“\(written)” can be read: \(error)")
        }
    }

    /// The numbers of the frames that pass.
    private static func frames(passing expression: FilterExpression) -> Set<Int> {
        var options = AnalysisOptions()
        var filter = DisplayFilter(expression, extending: &options, payloadLimit: 1 << 10)
        var analyzer = Analyzer(options: options)
        var observations = Observations()
        var numbers: Set<Int> = []
        let start = packets.first?.header.timestamp ?? Timestamp(nanoseconds: 0)
        for packet in packets {
            analyzer.receive(packet.header, packet.bytes.span.bytes)
            analyzer.takeObservations(into: &observations)
            numbers.formUnion(FilterTarget.numbers(filter.receive(observations, start: start)))
        }
        analyzer.finish()
        analyzer.takeObservations(into: &observations)
        numbers.formUnion(FilterTarget.numbers(filter.receive(observations, start: start)))
        return numbers.union(FilterTarget.numbers(filter.finish(start: start)))
    }

    private static func numbers(_ observations: Observations) -> [Int] {
        observations.all.compactMap { if case .frame(let frame) = $0 { frame.number } else { nil } }
    }

    /// A frame of each kind, a message in two of them with a ping between, and one that breaks a rule.
    private static let packets: [CapturedPacket] = {
        var conversation = Conversation.upgraded()
        conversation.send(text: #"{"type": "hello"}"#, from: .client)
        conversation.send(FrameBytes(text: "in two").unfinished, from: .server)
        conversation.send(FrameBytes(.ping, [1, 2]), from: .client)
        conversation.send(FrameBytes(.continuation, Array(" parts".utf8)), from: .server)
        conversation.send(FrameBytes(.binary, [0, 0xFF]), from: .client)
        conversation.send(FrameBytes(text: "bare").bytes, from: .client)
        conversation.close(by: .client, 1001, "bye")
        return conversation.segments.packets()
    }()

    private static let frameCount = 8
}
