import TapSubprotocols
import TapTestSupport
import Testing

@Suite("MessagePack and CBOR")
struct BinaryValueTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let hex: String
        let text: String
        var testDescription: String { hex }

        init(_ hex: String, _ text: String) { (self.hex, self.text) = (hex, text) }
    }

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    private func read(
        _ bytes: [UInt8], _ reader: (inout ByteScanner) throws(ValueBuilder.Fault) -> StructuredValue
    ) -> StructuredValue? {
        StructuredValue.whole(bytes[...], reader)
    }

    /// RFC 8949, appendix A.
    @Test(
        "values of CBOR are those of the RFC's examples",
        arguments: [
            Row("00", "0"), Row("17", "23"), Row("1818", "24"), Row("1903e8", "1000"), Row("1a000f4240", "1000000"),
            Row("1b000000e8d4a51000", "1000000000000"), Row("1bffffffffffffffff", "18446744073709551615"),
            Row("3bffffffffffffffff", "-18446744073709551616"), Row("20", "-1"), Row("3903e7", "-1000"),
            Row("f93c00", "1.0"), Row("f93e00", "1.5"), Row("fa47c35000", "100000.0"), Row("fb3ff199999999999a", "1.1"),
            Row("f97c00", "inf"), Row("f4", "false"), Row("f5", "true"), Row("f6", "null"), Row("f7", "null"),
            Row("c11a514b67b0", "1(1363896240)"), Row("d74401020304", "23(h'01020304')"), Row("40", "h''"),
            Row("6161", #""a""#), Row("62c3bc", #""ü""#), Row("80", "[]"), Row("83010203", "[1,2,3]"),
            Row("8301820203820405", "[1,[2,3],[4,5]]"), Row("a0", "{}"), Row("a201020304", "{1:2,3:4}"),
            Row("a26161016162820203", #"{"a":1,"b":[2,3]}"#), Row("5f42010243030405ff", "h'0102030405'"),
            Row("7f657374726561646d696e67ff", #""streaming""#), Row("9fff", "[]"),
            Row("9f018202039f0405ffff", "[1,[2,3],[4,5]]"), Row("bf61610161629f0203ffff", #"{"a":1,"b":[2,3]}"#),
        ])
    func cbor(row: Row) { #expect(read(bytes(row.hex), CBORReader.read)?.excerpt() == row.text) }

    /// https://github.com/msgpack/msgpack/blob/master/spec.md, a row a format.
    @Test(
        "values of MessagePack are those of its formats",
        arguments: [
            Row("7f", "127"), Row("e0", "-32"), Row("c0", "null"), Row("c2", "false"), Row("c3", "true"),
            Row("ccff", "255"),
            Row("cdffff", "65535"), Row("ceffffffff", "4294967295"), Row("cfffffffffffffffff", "18446744073709551615"),
            Row("d080", "-128"), Row("d18000", "-32768"), Row("d280000000", "-2147483648"),
            Row("d38000000000000000", "-9223372036854775808"), Row("ca3fc00000", "1.5"),
            Row("cb3ff199999999999a", "1.1"),
            Row("a3616263", #""abc""#), Row("d903616263", #""abc""#), Row("da0003616263", #""abc""#),
            Row("db00000003616263", #""abc""#), Row("c402ff00", "h'ff00'"), Row("c50002ff00", "h'ff00'"),
            Row("c600000002ff00", "h'ff00'"), Row("93010203", "[1,2,3]"), Row("dc0003010203", "[1,2,3]"),
            Row("dd00000003010203", "[1,2,3]"), Row("82a16101a16202", #"{"a":1,"b":2}"#),
            Row("de0001a16101", #"{"a":1}"#),
            Row("df00000001a16101", #"{"a":1}"#), Row("d405ff", "ext 5(h'ff')"),
            Row("d6ff00000001", "ext -1(h'00000001')"),
            Row("c70307616263", "ext 7(h'616263')"), Row("c8000207ff00", "ext 7(h'ff00')"),
        ])
    func messagePack(row: Row) { #expect(read(bytes(row.hex), MessagePackReader.read)?.excerpt() == row.text) }

    @Test(
        "what is cut is no value", arguments: ["82a16101a16202", "dc0003010203", "c70307616263", "cb3ff199999999999a"])
    func cut(hex: String) {
        let whole = bytes(hex)
        for end in 0..<whole.count { #expect(read(Array(whole[..<end]), MessagePackReader.read) == nil) }
    }

    @Test(
        "a length that lies costs nothing",
        arguments: [
            "ddffffffff", "dfffffffff", "dbffffffff", "c6ffffffff", "c9ffffffff00", "ddffffffffddffffffffddffffffff",
            "9bffffffffffffffff", "bbffffffffffffffff", "5bffffffffffffffff", "7bffffffffffffffff00",
            "bb8000000000000000",
        ])
    func lies(hex: String) {
        #expect(read(bytes(hex), MessagePackReader.read) == nil)
        #expect(read(bytes(hex), CBORReader.read) == nil)
    }

    @Test("depth and number of values are bounded")
    func bounded() {
        let deep = [UInt8](repeating: 0x91, count: 100_000) + [0x01]
        #expect(read(deep, MessagePackReader.read) == nil)
        #expect(read([UInt8](repeating: 0x81, count: 100_000) + [0x01], CBORReader.read) == nil)
        #expect(read([UInt8](repeating: 0xC1, count: 100_000) + [0x01], CBORReader.read) == nil)
        let many = [0xDD, 0x00, 0x0F, 0x42, 0x40] + [UInt8](repeating: 0x01, count: 1_000_000)
        #expect(read(many, MessagePackReader.read) == nil)
    }

    @Test(
        "a payload is only taken for a value where it is a map with names, or holds words",
        arguments: [
            ("82a16101a16202", "msgpack"), ("a26161016162820203", "cbor"), ("92a568656c6c6f01", "msgpack"),
            ("01", nil), ("93010203", nil), ("83010203", nil), ("a0", nil), ("80", nil), ("920304", nil),
            ("8301020304", nil),
            ("a3616263", nil), ("82a16101a1620203", nil), ("820102", nil), ("0a0361626310011a00", nil),
            ("9100000000", nil),
        ] as [(String, String?)])
    func found(hex: String, format: String?) {
        #expect(BinaryValue.found(in: bytes(hex))?.format.rawValue == format)
    }

    @Test("noise is no value", arguments: 0..<20)
    func noise(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let noise = (0..<generator.length(upTo: 40)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if let value = BinaryValue.found(in: noise) { Issue.record("\(noise) is taken for \(value.text)") }
        }
    }
}
