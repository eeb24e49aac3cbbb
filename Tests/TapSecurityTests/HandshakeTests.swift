import TapCore
import TapSecurity
import Testing

@Suite("Messages of handshakes")
struct HandshakeTests {
    private static func messages(_ bytes: [UInt8], cutAt cuts: [Int]) -> [HandshakeMessage] {
        var reader = HandshakeReader()
        var messages: [HandshakeMessage] = []
        for (start, end) in zip([0] + cuts, cuts + [bytes.count]) {
            reader.receive(bytes.span.bytes.from(start).upTo(end - start))
            while let message = reader.next() { messages.append(message) }
        }
        return messages
    }

    /// The handshake's bytes that the first records of a direction carry in the clear.
    private static func handshake(_ fixture: Fixture, _ direction: TLSDirection) -> [UInt8] {
        let bytes = fixture.connections[0].pieces.filter { $0.direction == direction }.flatMap(\.bytes)
        var offset = 0
        var messages: [UInt8] = []
        while let header = RecordHeader(bytes.span.bytes, at: offset), header.type == ContentType.handshake,
            offset + header.recordLength <= bytes.count
        {
            messages += bytes[offset + RecordHeader.length..<offset + header.recordLength]
            offset += header.recordLength
        }
        return messages
    }

    @Test("are the same wherever records cut them", arguments: TLSDirection.allCases)
    func cut(direction: TLSDirection) throws {
        let bytes = Self.handshake(try Fixture.named("tls12-ecdhe-rsa-aes128-gcm-sha256"), direction)
        let whole = Self.messages(bytes, cutAt: [])
        #expect(whole.count == (direction == .first ? 2 : 5))
        for place in 0...bytes.count { #expect(Self.messages(bytes, cutAt: [place]) == whole) }
        #expect(Self.messages(bytes, cutAt: Array(0...bytes.count)) == whole)
    }

    @Test("a client's hello tells what it offers")
    func clientHello() throws {
        let bytes = Self.handshake(try Fixture.named("tls13-retry-request"), .first)
        guard case .clientHello(let hello) = Self.messages(bytes, cutAt: []).first else {
            Issue.record("no hello")
            return
        }
        #expect(hello.serverName == "shop.example")
        #expect(hello.suites.contains(CipherSuite(rawValue: 0x1301)))
        #expect(!hello.offersEarlyData && !hello.hasEncryptedClientHello)
    }

    @Test("a server's hello tells what it chose")
    func serverHello() throws {
        let rows: [(String, Bool, Bool, Bool)] = [
            ("tls13-retry-request", true, false, false), ("gnutls-tls1.2-aes-128-cbc", false, true, true),
            ("gnutls-tls1.2-aes-128-cbc-no-etm", false, false, true),
        ]
        for (name, isRetry, isEncryptThenMAC, isExtended) in rows {
            let bytes = Self.handshake(try Fixture.named(name), .second)
            guard case .serverHello(let hello) = Self.messages(bytes, cutAt: []).first else {
                Issue.record("no hello in \(name)")
                return
            }
            #expect(hello.isRetryRequest == isRetry)
            #expect(hello.encryptsThenAuthenticates == isEncryptThenMAC)
            #expect(hello.hasExtendedMasterSecret == isExtended)
        }
    }

    @Test("certificates of any length are passed over without being kept")
    func certificate() {
        let length = 0xFF_FFFF
        var reader = HandshakeReader()
        reader.receive(([11, 0xFF, 0xFF, 0xFF] as [UInt8]).span.bytes)
        let part = [UInt8](repeating: 1, count: 16_384)
        var left = length
        while left > 0 {
            reader.receive(part.span.bytes.upTo(min(left, part.count)))
            if left > part.count { #expect(reader.next() == nil) }
            left -= part.count
        }
        #expect(reader.next() == .other(11))
        reader.receive(([20, 0, 0, 0] as [UInt8]).span.bytes)
        #expect(reader.next() == .finished)
        #expect(!reader.isInMessage)
    }

    @Test("hellos that are cut short or whose lengths lie are no hellos")
    func hostile() throws {
        let bytes = Self.handshake(try Fixture.named("tls13-padding"), .first)
        let length = Int(bytes[2]) << 8 | Int(bytes[3])
        for count in 0..<length {
            let cut: [UInt8] = [1, 0, UInt8(count >> 8), UInt8(count & 0xFF)] + bytes[4..<4 + count]
            _ = Self.messages(cut, cutAt: [])
        }
        for place in 4..<4 + length {
            var changed = bytes
            changed[place] = 0xFF
            #expect(Self.messages(changed, cutAt: []).count >= 1)
        }
    }
}
