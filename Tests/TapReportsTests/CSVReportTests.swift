import TapReports
import Testing

@Suite("CSV")
struct CSVReportTests {
    private static let header = """
        connection,number,time,packet,sender,fin,rsv1,rsv2,rsv3,opcode,kind,masked,masking_key,length,close_code,\
        close_reason,message,payload,payload_encoding,findings,inflated_length,text,connection_id,\
        app_protocol,app_kind,app_name,app_id,app_error,app_reply_to,app_latency_seconds,app_summary
        """
    /// What stands in the cells of what messages say, where they say nothing.
    private static let silence = String(repeating: ",", count: 8)

    private func row(_ build: (inout Script) -> Void, _ options: ReportOptions = ReportOptions()) -> String {
        var script = Script()
        build(&script)
        let text = script.text(of: CSVReport(options))
        let row = String(text.dropFirst(CSVReportTests.header.count + 1).dropLast())
        #expect(row.hasSuffix(CSVReportTests.silence))
        return String(row.dropLast(CSVReportTests.silence.count))
    }

    @Test("an empty capture has a header row")
    func empty() {
        #expect(Script().text(of: CSVReport()) == CSVReportTests.header + "\r\n")
    }

    @Test("a frame is a row")
    func frame() {
        let violations = [Script.unmasked, Script.unmasked]
        #expect(
            row { $0.frame(.client, 0x81, Array("Hello".utf8), message: 1, violations: violations) }
                == "1,1,2026-11-20T10:00:00.000823000Z,1,client,true,false,false,false,1,text,true,37fa213d,5,"
                + ",,1,Hello,utf8,frame-client-unmasked frame-client-unmasked,,,\(Script.id(1))")
    }

    @Test("a close frame has its code and its reason, with controls made visible")
    func close() {
        let row = row { $0.frame(.server, 0x88, Script.closePayload(1_000, "=bye\u{1B}")) }
        #expect(row.hasSuffix(#",8,close,false,,7,1000,'=bye\x1b,,A+g9YnllGw==,base64,,,,\#(Script.id(1))"#))
    }

    @Test("without payloads the cells are empty")
    func noPayload() {
        #expect(row({ $0.text(.client, "x") }, ReportOptions(payload: .none)).hasSuffix(",1,,,1,,,,,,\(Script.id(1))"))
    }

    @Test(
        "cells are quoted where they must be, and are no formulas",
        arguments: [
            ("plain text", "plain text"), ("a,b", #""a,b""#), (#"say "hi""#, #""say ""hi""""#),
            ("a\nb\r\nc", "\"a\nb\r\nc\""),
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""), (#"=HYPERLINK("x","y")"#, #""'=HYPERLINK(""x"",""y"")""#), ("1=1", "1=1"),
        ])
    func cell(text: String, cell: String) {
        #expect(row { $0.text(.client, text) }.hasSuffix(",1,\(cell),utf8,,,,\(Script.id(1))"))
    }

    @Test(
        "full-width signs and line ends at the start are no formulas either",
        arguments: [("\u{FF1D}1+1", "'\u{FF1D}1+1"), ("\n=1", "\"'\n=1\""), ("\u{FF5E}1", "\u{FF5E}1")])
    func moreFormulas(text: String, cell: String) {
        #expect(row { $0.text(.client, text) }.hasSuffix(",1,\(cell),utf8,,,,\(Script.id(1))"))
    }

    @Test(
        "with tabs between, nothing is quoted and nothing ends a cell early",
        arguments: [
            ("a,b", "a,b"), ("a\tb\n\r\\", #"a\tb\n\r\\"#), (#""quoted""#, #"'"quoted""#), ("=1", "'=1"),
            (#"{"a":1}"#, #"{"a":1}"#),
        ])
    func tabs(text: String, cell: String) {
        var script = Script()
        script.text(.client, text)
        let lines = script.text(of: CSVReport(separatedBy: .tab)).split(separator: "\n")
        #expect(lines.count == 2)
        let silence = CSVReportTests.silence.replacing(",", with: "\t")
        #expect(lines[1].hasSuffix("\t1\t\(cell)\tutf8\t\t\t\t\(Script.id(1))" + silence))
    }

    @Test("payloads with other controls are in base64")
    func controls() {
        #expect(row { $0.text(.client, "\u{1B}[2J\0") }.hasSuffix(",1,G1sySgA=,base64,,,,\(Script.id(1))"))
    }
}
