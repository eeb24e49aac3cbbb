import TapAnalysis
import TapCore
import TapSubprotocols
import TapWebSocket

/// Frames, or messages in their place, as comma-separated values (RFC 4180) or as tab-separated ones, a header row first.
///
/// A spreadsheet takes cells that begin with `=`, `+`, `-`, `@`, a tab or a line end for formulas: in columns
/// that hold text from the wire such cells get an apostrophe in front. Payloads with control characters other than
/// tabs and line ends are in base64, whatever else they are.
public struct CSVReport: Report {
    private let options: ReportOptions
    private let separator: CellSeparator
    private var isBegun = false

    private static let messageHeader = """
        connection,number,first_time,time,first_packet,packet,sender,kind,first_frame,frames,compressed,inflated,\
        wire_length,length,incomplete,payload,payload_encoding,connection_id,app_protocol,app_kind,app_name,app_id,\
        app_error,app_reply_to,app_latency_seconds,app_summary
        """

    private static let frameHeader = """
        connection,number,time,packet,sender,fin,rsv1,rsv2,rsv3,opcode,kind,masked,masking_key,length,close_code,\
        close_reason,message,payload,payload_encoding,findings,inflated_length,text,connection_id,\
        app_protocol,app_kind,app_name,app_id,app_error,app_reply_to,app_latency_seconds,app_summary
        """

    public init(_ options: ReportOptions = ReportOptions(), separatedBy separator: CellSeparator = .comma) {
        self.options = options
        self.separator = separator
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        begin(&output)
        for observation in observations.all {
            var row = CSVRow(separator)
            switch observation {
            case .frame(let frame) where !hasMessages:
                row.add(
                    frame, ShownPayload(of: frame, in: observations, options),
                    text: ShownPayload(inflated: frame, in: observations, options), of: observations)
            case .message(let message) where hasMessages:
                let payload = ShownPayload(of: message, in: observations, options)
                row.add(message, message.compression == .notInflated ? nil : payload, of: observations)
            case .handshake, .frame, .message, .finding, .connection, .tls: continue
            }
            row.append(to: &output)
        }
    }

    /// Whether it is about messages rather than frames.
    private var hasMessages: Bool { options.events.contains(.message) && !options.events.contains(.frame) }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) { begin(&output) }

    private mutating func begin(_ output: inout [UInt8]) {
        guard !isBegun else { return }
        isBegun = true
        var row = CSVRow(separator)
        let header = hasMessages ? CSVReport.messageHeader : CSVReport.frameHeader
        for name in header.split(separator: ",") { row.add(String(name)) }
        row.append(to: &output)
    }
}

extension CSVRow {
    fileprivate mutating func add(
        _ frame: Frame, _ payload: ShownPayload?, text: ShownPayload?, of observations: Observations
    ) {
        let header = frame.header
        add(frame.connection)
        add(frame.number)
        add(frame.time)
        add(frame.packet.rawValue)
        add(frame.sender.rawValue)
        for flag in [header.isFinal] + [4, 2, 1].map({ header.reservedBits & $0 != 0 }) { add("\(flag)") }
        add(header.opcode.rawValue)
        add(header.opcode.description)
        add("\(header.isMasked)")
        add(header.isMasked ? header.maskingKeyText : "")
        add(header.payloadLength)
        add(frame.close?.code?.rawValue)
        add(wire: frame.close.map { TerminalText.escape($0.reason) } ?? "")
        add(frame.message)
        add(payload, of: observations)
        add(frame.findings.map(\.rawValue).joined(separator: " "))
        add(frame.isInflated ? frame.inflatedLength : nil)
        add(wire: text.flatMap { CSVRow.readable($0, of: observations) } ?? "")
        add(frame.connectionID.description)
        add(frame.application, isQuoting: payload != nil)
    }

    fileprivate mutating func add(_ message: Message, _ payload: ShownPayload?, of observations: Observations) {
        let isCompressed = message.compression != .none
        add(message.connection)
        add(message.number)
        add(message.firstTime)
        add(message.time)
        add(message.firstPacket.rawValue)
        add(message.packet.rawValue)
        add(message.sender.rawValue)
        add(message.kind.description)
        add(message.firstFrame)
        add(message.frames)
        add("\(isCompressed)")
        add(isCompressed ? "\(message.compression == .inflated)" : "")
        add(message.wireLength)
        add(message.length)
        add("\(!message.isWhole)")
        add(payload, of: observations)
        add(message.connectionID.description)
        add(message.application, isQuoting: payload != nil)
    }

    /// The first unit that a message holds, but for the summary, which has all.
    private mutating func add(_ notes: ApplicationNotes?, isQuoting: Bool) {
        guard let items = notes?.items, let first = items.first else {
            for _ in 0..<8 { add("") }
            return
        }
        add(first.protocol.rawValue)
        add(wire: first.kind)
        add(wire: isQuoting ? first.name ?? "" : "")
        add(wire: isQuoting ? first.id ?? "" : "")
        add("\(items.contains { $0.error != nil })")
        let answer = items.lazy.compactMap(\.answer).first
        add(answer?.message)
        add(answer?.latency.map { latency in ByteCursor.text(21) { TimeText.appendSeconds(latency, to: &$0) } } ?? "")
        add(wire: isQuoting ? items.map(\.summary).joined(separator: " · ") : "")
    }

    private mutating func add(_ payload: ShownPayload?, of observations: Observations) {
        guard let payload else {
            add("")
            add("")
            return
        }
        let text = CSVRow.readable(payload, of: observations)
        add(wire: text ?? Base64.string(payload.bytes(of: observations).span.bytes))
        add(text == nil ? "base64" : "utf8")
    }

    /// Text that a cell can hold as it is.
    private static func readable(_ payload: ShownPayload, of observations: Observations) -> String? {
        let bytes = payload.bytes(of: observations)
        guard payload.isText, !UTF8Text.hasControls(bytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension FrameHeader {
    fileprivate var maskingKeyText: String {
        RecordText.maskingKey(maskingKey)
    }
}
