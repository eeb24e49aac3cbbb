import TapCore
import Testing

@Suite("State that is written and read again")
struct StateTests {
    private enum Choice: Codable, Equatable {
        case text(String), number(UInt64), list([String]), pair(a: Int, b: Int?), empty
    }
    private enum Word: String, Codable { case one, two }
    private struct Code: RawRepresentable, Codable, Hashable { let rawValue: UInt32 }
    private struct State: Codable, Equatable {
        var absent: Int?
        var flag: Bool? = true
        var text: String? = "x"
        var signed: [Int64] = [1, -5, .min, .max]
        var named = ["b": 1, "a": 2]
        var coded = [Code(rawValue: 7): UInt64(9)]
        var optional = [Code?.none: 1, Code(rawValue: 3): 4]
        var choice = Choice.pair(a: 3, b: nil)
        var word: Word? = .two
        var choices: [Choice] = [.text("ä"), .number(.max), .list(["1", "2"]), .empty]
        var small: UInt16 = 3
        var real: Double? = 1.5
        var nested: Int?? = .some(nil)
        var holes: [Int?] = [nil, 3]
        var last = 77
    }

    private var bytes: [UInt8] { get throws { try StateEncoder.bytes(of: State()) } }

    @Test("it is the same, and so are its bytes")
    func same() throws {
        let read = try StateDecoder.value(State.self, of: bytes[...])
        #expect(read == State())
        #expect(try StateEncoder.bytes(of: read) == bytes)
    }

    @Test("where bytes are missing or left over there is an error")
    func cut() throws {
        let bytes = try bytes
        for count in 0..<bytes.count {
            #expect(throws: (any Error).self) { try StateDecoder.value(State.self, of: bytes[..<count]) }
        }
        #expect(throws: (any Error).self) { try StateDecoder.value(State.self, of: (bytes + [0])[...]) }
    }

    @Test("bytes that were changed are an error or another state, and no crash")
    func changed() throws {
        let bytes = try bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                _ = try? StateDecoder.value(State.self, of: changed[...])
            }
        }
    }

    @Test("a record tells whether its bytes are those that were written")
    func record() throws {
        var output: [UInt8] = []
        StateRecord.append(.totals, [1, 2, 3], to: &output)
        let head = Array(output[..<StateRecord.headLength])
        let record = try StateRecord(head: head.span.bytes)
        #expect(record.kind == .totals && record.length == 3)
        #expect(record.isIntact([1, 2, 3]) && !record.isIntact([1, 2, 4]))
    }
}
