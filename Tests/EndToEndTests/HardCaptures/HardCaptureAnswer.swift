import Foundation
import Synchronization

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

    /// The answers for all captures in their order, as many at once as there are processors.
    ///
    /// On threads of their own: those that tests share are blocked by whatever waits for a program, and what waits for its turn
    /// there for each capture ends a minute after everything else.
    static func all() async throws -> [HardCaptureAnswer] {
        let captures = HardCapture.all
        let answers = Mutex([Int: Result<HardCaptureAnswer, any Error>]())
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                DispatchQueue.concurrentPerform(iterations: captures.count) { index in
                    let answer = Result { try HardCaptureAnswer(captures[index]) }
                    answers.withLock { $0[index] = answer }
                }
                continuation.resume()
            }
        }
        return try answers.withLock { answers in try captures.indices.compactMap { try answers[$0]?.get() } }
    }
}
