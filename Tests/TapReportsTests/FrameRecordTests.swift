import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("Records of frames")
struct FrameRecordTests {
    private func record(_ body: (inout JSONWriter) -> Void) -> String {
        var output: [UInt8] = []
        JSONWriter.append(to: &output, body)
        return String(decoding: output, as: UTF8.self)
    }

    @Test("what is written at once is what is written in parts", arguments: [PayloadDetail.full, .preview, .none])
    func twin(detail: PayloadDetail) {
        var script = Script()
        var random = RandomBytes(seed: 7)
        for first in UInt8.min...UInt8.max {
            let payload = random.bytes(upTo: first % 16 == 1 ? 400 : 130)
            script.frame(first % 3 == 0 ? .client : .server, first, payload)
            script.frame(
                .client, first, Array(String(decoding: payload, as: UTF8.self).utf8), message: 2, firstPacket: 1)
            script.frame(.server, first, payload, length: 5_000_000_000, captured: UInt64(payload.count))
        }
        for length in [0, 7, 8, 4_095, 4_096, 4_097] {
            script.frame(.client, 0x81, Array(repeating: 0x22, count: length))
        }
        let options = ReportOptions(payload: detail)
        for case .frame(let frame) in script.observations.all {
            let payload = ShownPayload(of: frame, in: script.observations, options)
            let text = ShownPayload(inflated: frame, in: script.observations, options)
            let atOnce = record { $0.write(frame, payload, text, of: script.observations) }
            let inParts = record { $0.writeInParts(frame, payload, text, of: script.observations) }
            #expect(atOnce == inParts)
        }
    }
}
