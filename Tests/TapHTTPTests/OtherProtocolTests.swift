import TapHTTP
import TapTestSupport
import Testing

@Suite("What is not HTTP")
struct OtherProtocolTests {
    static let greetings: [[UInt8]] =
        [
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00], [0x00, 0x00, 0x00, 0x2D, 0xFF, 0x53, 0x4D, 0x42],
            [0x81, 0x05, 0x68],
        ]
        + [
            "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", "220 mail.example.com ESMTP Postfix\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "* OK IMAP4rev1 ready\r\n", "+OK POP3 ready\r\n",
            "HELO example.com\r\n",
            "EHLO [192.0.2.1] there\r\n", "NICK someone\r\nUSER a b c :d\r\n", "*1\r\n$4\r\nPING\r\n",
            "OPTIONS rtsp://a RTSP/1.0\r\n", "{\"json\": true}\n", "<?xml version=\"1.0\"?>", "GET /old\r\n",
            "THISMETHODISMUCHLONGERTHANANY / HTTP/1.1\r\n", "GET\t/ HTTP/1.1\r\n", " GET / HTTP/1.1\r\n",
            "HTTP/1.1 abc Nonsense\r\n", "ICY 200 OK\r\n",
        ].map { Array($0.utf8) }

    @Test("is noticed at the latest with its first line, wherever it is cut", arguments: greetings)
    func greeting(bytes: [UInt8]) {
        #expect(StreamReader.readings([bytes]) == [.notHTTP])
        #expect(CutVerifier.disagreements(on: bytes) { StreamReader.readings($0) } == [])
    }

    @Test("is noticed at the first byte where that cannot begin a method")
    func firstByte() {
        #expect(StreamReader.readings([[0x06]]) == [.notHTTP])
        #expect(StreamReader.readings([Array("2".utf8)]) == [.notHTTP])
    }

    @Test("is noticed where it can be neither TLS nor HTTP any more, and TLS by its first six bytes")
    func tls() {
        for bytes in [[0x16, 4], [0x16, 3, 5], [0x16, 3, 1, 0, 60, 1], [0x16, 3, 3, 0x40, 0, 2, 0]] as [[UInt8]] {
            #expect(StreamReader.readings([bytes]) == [.notHTTP])
            #expect(CutVerifier.disagreements(on: bytes) { StreamReader.readings($0) } == [])
            #expect(StreamReader.readings([Array(bytes.dropLast(bytes.count > 6 ? 2 : 1))]) == [])
        }
    }

    @Test("may come after a head")
    func later() {
        #expect(
            StreamReader.readings("GET /a HTTP/1.1\r\n\r\n\u{16}\u{3}\u{1}").map(\.label) == ["/a", "not HTTP"])
    }

    @Test("random bytes never trap, with gaps and cut anywhere", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let words = [
            "GET ", "/ HTTP/1.1", "\r\n", "\r\n\r\n", "\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "ffff",
            "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "3\r\nabc", ":", ",", "\"", " ", "x", "Content-Length: ",
        ].map { Array($0.utf8) }
        for isStartKnown in [true, false] {
            for _ in 0..<40 {
                var reader = StreamReader(isStartKnown: isStartKnown, headLimit: 300)
                for _ in 0..<30 {
                    let piece = (0..<5).flatMap { _ in words.randomElement(using: &generator) ?? [] }
                    reader.read(generator.oneIn(10) ? generator.bytes(8) : piece)
                    if generator.oneIn(8) { reader.stream.skip(Int.random(in: 1...20, using: &generator)) }
                }
                #expect(reader.readings.filter { $0 == .notHTTP || $0 == .headTooLong }.count <= 1)
            }
        }
    }
}
