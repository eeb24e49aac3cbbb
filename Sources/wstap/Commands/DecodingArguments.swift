import ArgumentParser
import TapAnalysis
import TapReports
import TapSubprotocols

/// How messages are read in the protocol that they belong to.
struct DecodingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read the messages of connections to a path as a protocol, as in 'path=/feed:socket.io'; a star may end the path.",
            valueName: "choice"),
        transform: DecodingArguments.parse)
    var decodeAs: [DecodingOptions.Choice] = []

    @Option(
        help: ArgumentHelp(
            "Show binary messages of no known protocol as the fields of this form, which has no mark of its own.",
            valueName: "form"))
    var payloadAs: BinaryForm?

    @Flag(help: "Leave messages as they are: no subprotocols, no requests and answers.")
    var noDecode = false

    @Option(
        help: ArgumentHelp("Seconds after which an answer is slow, also that of a handshake.", valueName: "seconds"))
    var slow = 1.0

    func validate() throws {
        guard slow >= 0, slow <= 1e9 else { throw ValidationError("--slow lies between 0 and 1000000000 seconds") }
        if noDecode, !decodeAs.isEmpty { throw ValidationError("--decode-as and --no-decode exclude each other") }
        if noDecode, payloadAs != nil { throw ValidationError("--payload-as and --no-decode exclude each other") }
    }

    /// Asks the analysis to read messages where a report shows what they say.
    /// - Parameter isRedacting: whether secrets are taken out, of which protocols say where they are.
    func extend(_ options: inout AnalysisOptions, for events: ReportEvents, redacting isRedacting: Bool) throws {
        if noDecode, isRedacting {
            throw ValidationError("--redact must know where protocols have their secrets: leave out --no-decode")
        }
        options.slow = Int64(slow * 1e9)
        options.decoding.choices = decodeAs
        options.decoding.binaryForm = payloadAs
        options.decodesMessages = !noDecode && !events.isDisjoint(with: [.frame, .message, .finding])
    }

    private static func parse(_ text: String) throws -> DecodingOptions.Choice {
        guard text.hasPrefix("path=/"), let colon = text.lastIndex(of: ":") else {
            throw ValidationError("as in 'path=/feed:socket.io'")
        }
        let name = text[text.index(after: colon)...]
        guard let known = ApplicationProtocol(rawValue: String(name)) else {
            let names = ApplicationProtocol.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no protocol “\(name)”; there are \(names)")
        }
        return DecodingOptions.Choice(path: String(text[..<colon].dropFirst("path=".count)), protocol: known)
    }
}

extension BinaryForm: ExpressibleByArgument {}
