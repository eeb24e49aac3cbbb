import TapAnalysis
import TapCore
import TapWebSocket

/// Frames as comma-separated values (RFC 4180) or as tab-separated ones, a header row first.
///
/// A spreadsheet takes cells that begin with `=`, `+`, `-`, `@`, a tab or a line end for formulas: in columns
/// that hold text from the wire such cells get an apostrophe in front. Payloads with control characters other than
/// tabs and line ends are in base64, whatever else they are.
public struct CSVReport: Report {
    private let options: ReportOptions
    private let separator: CellSeparator
    private var isBegun = false

    private static let header = """
        connection,number,time,packet,sender,fin,rsv1,rsv2,rsv3,opcode,kind,masked,masking_key,length,close_code,\
        close_reason,message,payload,payload_encoding,findings
        """

    public init(_ options: ReportOptions = ReportOptions(), separatedBy separator: CellSeparator = .comma) {
        self.options = options
        self.separator = separator
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        begin(&output)
        for case .frame(let frame) in observations.all {
            var row = CSVRow(separator)
            row.add(frame, ShownPayload(of: frame, in: observations, options), of: observations)
            row.append(to: &output)
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) { begin(&output) }

    private mutating func begin(_ output: inout [UInt8]) {
        guard !isBegun else { return }
        isBegun = true
        var row = CSVRow(separator)
        for name in CSVReport.header.split(separator: ",") { row.add(String(name)) }
        row.append(to: &output)
    }
}

extension CSVRow {
    fileprivate mutating func add(_ frame: Frame, _ payload: ShownPayload?, of observations: Observations) {
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
    }

    private mutating func add(_ payload: ShownPayload?, of observations: Observations) {
        guard let payload else {
            add("")
            add("")
            return
        }
        let bytes = payload.bytes(of: observations)
        let isText = payload.isText && !UTF8Text.hasControls(bytes)
        add(wire: isText ? String(decoding: bytes, as: UTF8.self) : Base64.string(bytes.span.bytes))
        add(isText ? "utf8" : "base64")
    }
}

extension FrameHeader {
    fileprivate var maskingKeyText: String {
        RecordText.maskingKey(maskingKey)
    }
}
