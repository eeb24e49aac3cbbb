import TapReports
import Testing

@Suite("Keys of a terminal")
struct TopKeyTests {
    static let keys: [(String, [TopKey])] = [
        ("q", [.character("q")]), ("\u{1B}[A\u{1B}[B", [.up, .down]), ("\u{1B}OC\u{1B}[D", [.right, .left]),
        ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
        ("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~", [.home, .end, .home, .end]),
        ("\r\n\u{7F}\u{8}", [.enter, .enter, .backspace, .backspace]), ("\u{1A}", [.suspend]),
        ("é👋", [.character("é"), .character("👋")]), ("\u{1B}[200~x\u{1B}[1;5A", [.character("x"), .up]),
        ("\u{1}\u{1B}xq", [.escape, .character("x"), .character("q")]), ("\u{1B}\u{1B}[A", [.escape, .up]),
        ("\u{1B}[<0;3;4Mq", [.character("q")]),
    ]

    @Test("are the same wherever they are cut", arguments: keys)
    func cut(text: String, expected: [TopKey]) {
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var reader = TopKeyReader()
                let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
                let keys = parts.flatMap { reader.receive($0) } + reader.settle()
                #expect(keys == expected)
            }
        }
    }

    @Test("ESC is a key once nothing follows")
    func escape() {
        var reader = TopKeyReader()
        let first = reader.receive([0x1B])
        let settled = reader.settle()
        #expect(first.isEmpty && settled == [.escape])
        let next = reader.receive(Array("[A".utf8)[...])
        #expect(next == [.character("["), .character("A")])
    }

    @Test("nothing of what comes is kept for long, whatever it is")
    func hostile() {
        var reader = TopKeyReader()
        for byte in [UInt8(0x1B), 0x5B] { _ = reader.receive([byte]) }
        for _ in 0..<100 { _ = reader.receive(Array(repeating: 0x31, count: 100)[...]) }
        let keys = reader.receive(Array("q".utf8)[...])
        #expect(keys == [.character("q")])
        let broken = reader.receive([0xFF, 0xE2, 0x28, 0x71])
        #expect(broken == [.character("("), .character("q")])
    }
}
