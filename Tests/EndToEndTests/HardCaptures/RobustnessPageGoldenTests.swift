import Foundation
import TapTestSupport
import Testing

/// The page of hard captures; `make golden` writes it anew, and then fails once.
@Suite("docs/robustness.md")
struct RobustnessPageGoldenTests {
    @Test("is what wstap and tshark say now, and explains every difference")
    func page() async throws {
        let answers = try await HardCaptureAnswer.all()
        for answer in answers {
            let explanation = answer.capture.tsharkDiffers
            #expect(answer.isSame == (explanation == nil), "\(answer.capture.testDescription): \(answer.text)")
        }
        let file = Wstap.project.appendingPathComponent("docs/robustness.md")
        let page = RobustnessPage(answers: answers).text
        if GoldenTests.isRewriting {
            try Data(page.utf8).write(to: file)
            Issue.record("docs/robustness.md was rewritten")
            return
        }
        let committed = try String(contentsOf: file, encoding: .utf8)
        #expect(Difference.first(expected: committed, found: page) == nil)
    }
}
