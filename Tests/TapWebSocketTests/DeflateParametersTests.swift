import TapHTTP
import TapTestSupport
import TapWebSocket
import Testing

@Suite("What is agreed on for permessage-deflate")
struct DeflateParametersTests {
    private static func element(_ parameters: String) throws -> ExtensionElement {
        try #require(ExtensionElement(parsing: "permessage-deflate" + (parameters.isEmpty ? "" : "; \(parameters)")))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let isOfferRight: Bool
        let isAnswerRight: Bool
        var testDescription: String { text }

        init(_ text: String, offer: Bool, answer: Bool) {
            (self.text, isOfferRight, isAnswerRight) = (text, offer, answer)
        }
    }

    @Test(
        "each parameter has its form, in an offer and in an answer",
        arguments: [
            Row("", offer: true, answer: true),
            Row("server_no_context_takeover", offer: true, answer: true),
            Row("client_no_context_takeover", offer: true, answer: true),
            Row("server_no_context_takeover=1", offer: false, answer: false),
            Row("client_no_context_takeover=\"true\"", offer: false, answer: false),
            Row("server_max_window_bits=8", offer: true, answer: true),
            Row("server_max_window_bits=\"15\"", offer: true, answer: true),
            Row("server_max_window_bits", offer: false, answer: false),
            Row("client_max_window_bits", offer: true, answer: false),
            Row("client_max_window_bits=10", offer: true, answer: true),
            Row("server_max_window_bits=7", offer: false, answer: false),
            Row("server_max_window_bits=16", offer: false, answer: false),
            Row("server_max_window_bits=08", offer: false, answer: false),
            Row("server_max_window_bits=+9", offer: false, answer: false),
            Row("server_max_window_bits=99999999999999999999", offer: false, answer: false),
            Row("client_max_window_bits=0", offer: false, answer: false),
            Row("client_max_window_bits=9; client_max_window_bits=9", offer: false, answer: false),
            Row("mem_level=8", offer: false, answer: false),
            Row("Server_No_Context_Takeover", offer: false, answer: false),
        ])
    func form(row: Row) throws {
        let element = try DeflateParametersTests.element(row.text)
        #expect(DeflateParameters.parse(element, isOffer: true).faults.isEmpty == row.isOfferRight)
        #expect(DeflateParameters.parse(element, isOffer: false).faults.isEmpty == row.isAnswerRight)
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let offer: String
        let answer: String
        let isAllowed: Bool
        var testDescription: String { "“\(answer)” to “\(offer)”" }

        init(_ offer: String, _ answer: String, _ isAllowed: Bool) {
            (self.offer, self.answer, self.isAllowed) = (offer, answer, isAllowed)
        }
    }

    /// RFC 7692 §7.1.1 and §7.1.2.
    static let answers = [
        Answer("", "", true),
        Answer("", "server_no_context_takeover", true),
        Answer("", "client_no_context_takeover", true),
        Answer("", "server_max_window_bits=10", true),
        Answer("", "client_max_window_bits=10", false),
        Answer("server_no_context_takeover", "server_no_context_takeover", true),
        Answer("server_no_context_takeover", "", false),
        Answer("client_no_context_takeover", "", true),
        Answer("server_max_window_bits=10", "server_max_window_bits=10", true),
        Answer("server_max_window_bits=10", "server_max_window_bits=8", true),
        Answer("server_max_window_bits=10", "server_max_window_bits=11", false),
        Answer("server_max_window_bits=10", "", false),
        Answer("server_max_window_bits=15", "", true),
        Answer("client_max_window_bits", "", true),
        Answer("client_max_window_bits", "client_max_window_bits=15", true),
        Answer("client_max_window_bits=10", "", true),
        Answer("client_max_window_bits=10", "client_max_window_bits=9", true),
        Answer("client_max_window_bits=10", "client_max_window_bits=11", false),
    ]

    private static func ids(_ offers: String, _ answer: String) throws -> [FindingID] {
        let handshake = HandshakeBytes(extensions: offers, chosenExtensions: answer)
        return try HandshakeCheck.violations(
            inResponse: head(handshake.response), to: head(handshake.request)
        ).map(\.id)
    }

    private static func head(_ head: HandshakeBytes.Head) throws -> HTTPHead {
        var stream = HTTPStream(isStartKnown: true, headLimit: 1 << 16)
        let bytes = head.bytes
        var offset = 0
        guard case .head(let parsed) = stream.read(bytes.span.bytes, from: &offset, in: .numbered(1)) else {
            throw NoHead(text: head.text)
        }
        return parsed
    }

    struct NoHead: Error { let text: String }

    @Test("an answer keeps to its offer", arguments: answers)
    func answer(row: Answer) throws {
        let name = "permessage-deflate"
        let texts = [row.offer, row.answer].map { $0.isEmpty ? name : "\(name); \($0)" }
        let expected: [FindingID] = row.isAllowed ? [] : [.responseDeflateNotAllowed]
        #expect(try DeflateParametersTests.ids(texts[0], texts[1]) == expected)
        // It is enough that it keeps to one of them; one that is invalid is none.
        #expect(try DeflateParametersTests.ids("\(name); mem_level=9, x-a, \(texts[0])", texts[1]) == expected)
        // An offer that allows everything may come second.
        #expect(try DeflateParametersTests.ids("\(texts[0]), \(name); client_max_window_bits", texts[1]) == [])
    }

    @Test("what is agreed on says which window each peer has, and whether it is kept")
    func windows() throws {
        let text = "client_no_context_takeover; server_max_window_bits=9"
        let (parameters, faults) = try DeflateParameters.parse(DeflateParametersTests.element(text), isOffer: false)
        #expect(faults == [])
        #expect(parameters.resetsContext(of: .client) && !parameters.resetsContext(of: .server))
        #expect(parameters.clientMaxWindowBits == nil && parameters.serverMaxWindowBits == 9)
    }

    @Test(
        "elements are read as the grammar has them",
        arguments: [
            ("a", "a", [:]), (" a ; b ; c = d ", "a", ["b": nil, "c": "d"]), ("a;b=\"c\"", "a", ["b": "c"]),
            ("a;", nil, [:]), ("", nil, [:]), ("a b", nil, [:]), ("a;b c", nil, [:]), ("a;=c", nil, [:]),
            ("a;b=", nil, [:]), ("a;b=\"\"", nil, [:]), ("a;b=\"c d\"", nil, [:]), ("a;b=\"c", nil, [:]),
            ("a;b=\"", nil, [:]), ("ä", nil, [:]), ("a/b", nil, [:]),
        ] as [(String, String?, [String: String?])])
    func grammar(text: String, name: String?, parameters: [String: String?]) {
        let element = ExtensionElement(parsing: text)
        #expect(element?.name == name)
        let read = (element?.parameters ?? []).map { ($0.name, $0.value) }
        #expect(Dictionary(uniqueKeysWithValues: read) == parameters)
    }

    @Test("lists made of any pieces never trap, and what is read of them keeps to the grammar", arguments: 0..<200)
    func random(seed: Int) throws {
        let pieces = [
            "permessage-deflate", "server_max_window_bits", "client_no_context_takeover", "15", "08", ";", ";", "=",
            ",",
            "\"", " ", "\t", "a", "ä",
        ]
        var generator = SeededGenerator(seed: seed)
        let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
            pieces.randomElement(using: &generator) ?? ""
        }.joined()
        let handshake = HandshakeBytes(extensions: text, chosenExtensions: text)
        let list = try ExtensionList(DeflateParametersTests.head(handshake.response).fields)
        for element in list.elements {
            #expect(HTTPText.isToken(element.name))
            #expect(
                element.parameters.allSatisfy { HTTPText.isToken($0.name) && $0.value.map(HTTPText.isToken) != false })
        }
        if let element = list.deflate.first {
            let (deflate, _) = DeflateParameters.parse(element, isOffer: false)
            for bits in [deflate.clientMaxWindowBits, deflate.serverMaxWindowBits] {
                #expect((8...15).contains(bits ?? 15))
            }
        }
        #expect(try HandshakeCheck.violations(inRequest: DeflateParametersTests.head(handshake.request)).count <= 20)
    }
}
