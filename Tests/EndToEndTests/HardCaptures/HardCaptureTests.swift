import TapWebSocket
import Testing

@Suite("A hard capture")
struct HardCaptureTests {
    @Test("gives every frame that it must, and no false finding", arguments: HardCapture.all)
    func frames(_ capture: HardCapture) throws {
        let decoded = try Decoded(capture.file)
        #expect(Decoded.byDirection(decoded.frames) == Decoded.byDirection(capture.frames))
        #expect(decoded.findings.map(\.rawValue).sorted() == capture.findings.map(\.rawValue).sorted())
        #expect(decoded.unread == (capture.unread.map { [$0] } ?? []))
        if let fault = capture.fault {
            #expect(decoded.errors.count == 1)
            #expect(decoded.errors.first?.description.contains(fault) == true, "\(decoded.errors)")
        } else {
            #expect(decoded.errors.isEmpty, "\(decoded.errors)")
        }
    }

    @Test("has a name of its own")
    func names() {
        #expect(Set(HardCapture.all.map(\.testDescription)).count == HardCapture.all.count)
    }
}
