import TapTestSupport
import TapWebSocket
import Testing

/// Sections 12 and 13: messages that both peers compress, under what they have agreed on. RFC 7692.
struct AutobahnCompression: CustomTestStringConvertible, Sendable {
    /// What one side asks of the other: RFC 7692 §7.1.
    struct Parameters: Sendable {
        var takesOver = true
        /// 0 where nothing is asked for.
        var windowBits = 0
    }

    let number: String
    let name: String
    let opcode: Opcode
    let data: @Sendable () -> [UInt8]
    let size: Int
    /// 0 for messages in one frame.
    let fragmentSize: Int
    /// What is asked of the server, by the client's offers; the first is what the server takes.
    var offers = [Parameters()]
    /// What is asked of the client, by the server's answer.
    var answer = Parameters()

    var testDescription: String { "\(number) \(name), \(size) bytes in fragments of \(fragmentSize)" }

    /// The messages, which are parts of the data, one after the other.
    var messages: [[UInt8]] {
        let data = data()
        // A thousand in the suite; here as many as show what a window of 32 KB does.
        let count = size <= 4_096 ? 12 : size < 65_536 ? 3 : 2
        return (0..<count).map { number in
            let start = number * size % (data.count - size)
            return Array(data[start..<start + size])
        }
    }

    var conversation: Conversation {
        var conversation = Conversation.upgraded(HandshakeBytes(extensions: offered, chosenExtensions: chosen))
        let deflaters = [Sender.client: deflater(answer), .server: deflater(offers[0])]
        for message in messages {
            for sender in Sender.allCases {
                guard let payload = deflaters[sender]?.message(message) else { continue }
                let size = fragmentSize == 0 ? payload.count : fragmentSize
                for start in stride(from: 0, to: payload.count, by: size) {
                    let part = Array(payload[start..<min(start + size, payload.count)])
                    var frame = FrameBytes(start == 0 ? opcode : .continuation, part)
                    if start == 0 { frame = frame.compressed }
                    conversation.send(
                        start + size < payload.count ? frame.unfinished : frame, from: sender, segmentSize: 16_000)
                }
            }
        }
        conversation.close(by: .client)
        return conversation
    }

    private func deflater(_ parameters: Parameters) -> Deflater {
        Deflater(windowBits: parameters.windowBits == 0 ? 15 : parameters.windowBits, takesOver: parameters.takesOver)
    }

    private static func text(_ parameters: Parameters, of sender: Sender) -> String {
        (parameters.takesOver ? "" : "; \(sender.rawValue)_no_context_takeover")
            + (parameters.windowBits == 0 ? "" : "; \(sender.rawValue)_max_window_bits=\(parameters.windowBits)")
    }

    private var offered: String {
        offers.map { offer in
            "permessage-deflate; client_no_context_takeover; client_max_window_bits"
                + AutobahnCompression.text(offer, of: .server)
        }
        .joined(separator: ", ")
    }

    private var chosen: String {
        "permessage-deflate" + AutobahnCompression.text(offers[0], of: .server)
            + AutobahnCompression.text(answer, of: .client)
    }
}

extension AutobahnCompression {
    /// The size of the messages and of their fragments.
    private static let shapes = [
        (16, 0), (64, 0), (256, 0), (1_024, 0), (4_096, 0), (8_192, 0), (16_384, 0), (32_768, 0), (65_536, 0),
        (131_072, 0), (8_192, 256), (16_384, 256), (32_768, 256), (65_536, 256), (131_072, 256), (131_072, 1_024),
        (131_072, 4_096), (131_072, 32_768),
    ]

    private static let sources: [(name: String, opcode: Opcode, data: @Sendable () -> [UInt8])] = [
        ("JSON", .text, CompressionData.json), ("a picture", .binary, CompressionData.picture),
        ("a play", .binary, CompressionData.play), ("HTML", .text, CompressionData.html),
        ("a PDF", .binary, CompressionData.document),
    ]

    static let data: [AutobahnCompression] = sources.enumerated().flatMap { section, source in
        shapes.enumerated().map { index, shape in
            AutobahnCompression(
                number: "12.\(section + 1).\(index + 1)", name: source.name, opcode: source.opcode, data: source.data,
                size: shape.0, fragmentSize: shape.1)
        }
    }

    private static let agreements: [(offers: [Parameters], answer: Parameters)] = {
        let plain = Parameters()
        let fresh = Parameters(takesOver: false)
        let small = Parameters(windowBits: 8)
        let large = Parameters(windowBits: 15)
        let freshSmall = Parameters(takesOver: false, windowBits: 8)
        let freshLarge = Parameters(takesOver: false, windowBits: 15)
        return [
            ([plain], plain), ([fresh], fresh), ([small], small), ([large], large), ([freshSmall], freshSmall),
            ([freshLarge], freshLarge), ([freshSmall, fresh, plain], freshSmall),
        ]
    }()

    static let parameters: [AutobahnCompression] = agreements.enumerated().flatMap { section, agreement in
        shapes.enumerated().map { index, shape in
            AutobahnCompression(
                number: "13.\(section + 1).\(index + 1)", name: "JSON under agreement \(section + 1)", opcode: .text,
                data: CompressionData.json, size: shape.0, fragmentSize: shape.1, offers: agreement.offers,
                answer: agreement.answer)
        }
    }
}
