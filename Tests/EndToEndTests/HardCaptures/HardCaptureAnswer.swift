import Foundation

/// How many of the frames of a hard capture tshark finds.
struct HardCaptureAnswer: Sendable {
    let capture: HardCapture
    /// How many frames there are.
    let expected: Int
    /// How many of them tshark shows, told by opcode, length and masking key.
    let found: Int
    /// How many it shows beside them.
    let others: Int

    init(_ capture: HardCapture) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("capture", Data(capture.file))
        let ours = try TsharkTests.ours(path)
        let theirs = try Tshark.rows(of: Tshark.read(path))
        var missing = Dictionary(ours.map { ($0.withoutPlace, 1) }, uniquingKeysWith: +)
        var (found, others) = (0, 0)
        for row in theirs {
            if let count = missing[row.withoutPlace], count > 0 {
                missing[row.withoutPlace] = count - 1
                found += 1
            } else {
                others += 1
            }
        }
        (self.capture, expected, self.found, self.others) = (capture, ours.count, found, others)
    }

    var isSame: Bool { found == expected && others == 0 }

    var text: String {
        switch (isSame, found, others) {
        case (true, _, _): "the same"
        case (_, 0, 0): "none"
        case (_, _, 0): "\(found) of them"
        case (_, expected, _): "all of them, and \(others) more"
        case (_, _, _): "\(found) of them, and \(others) others"
        }
    }

    /// The answers for all captures in their order; as many at once as there are processors, and before other tests:
    /// what begins as late as they do ends minutes after them.
    static func all() async throws -> [HardCaptureAnswer] {
        let captures = HardCapture.all
        return try await withThrowingTaskGroup(of: (Int, HardCaptureAnswer).self) { group in
            var answers = [HardCaptureAnswer?](repeating: nil, count: captures.count)
            var next = captures.indices.makeIterator()
            func start() {
                guard let index = next.next() else { return }
                group.addTask(priority: .high) { (index, try HardCaptureAnswer(captures[index])) }
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { start() }
            while let (index, answer) = try await group.next() {
                answers[index] = answer
                start()
            }
            return answers.compactMap(\.self)
        }
    }
}
