import TapCore
import TapSecurity
import Testing

@Suite("Keys out of secrets")
struct KeyDerivationTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.filter { $0 != " " }
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
    }

    private struct Vector: CustomTestStringConvertible {
        let function: HashFunction
        let key: String
        let info: String
        let output: String

        var testDescription: String { "\(function), \(output.count / 2) bytes" }
    }

    /// RFC 5869 §A.1 to A.3.
    private static let expansions = [
        Vector(
            function: .sha256, key: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            info: "f0f1f2f3f4f5f6f7f8f9",
            output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
        Vector(
            function: .sha256, key: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            info: (0xB0...0xFF).map { String($0, radix: 16) }.joined(),
            output:
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"),
        Vector(
            function: .sha256, key: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04", info: "",
            output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
    ]

    @Test("HKDF-Expand is that of RFC 5869", arguments: expansions)
    private func expand(vector: Vector) {
        let (key, info, expected) = (Self.bytes(vector.key), Self.bytes(vector.info), Self.bytes(vector.output))
        let output = KeyDerivation.expand(vector.function, key.span.bytes, info: info.span.bytes, count: expected.count)
        #expect(output == expected)
    }

    /// RFC 8448 §3: the secrets of client and server, the keys made of them, and the records that the keys seal.
    private static let sent = [
        (
            secret: "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5",
            key: "17422dda596ed5d9acd890e3c63f5051", iv: "5b78923dee08579033e523d9",
            record:
                "17030300 43a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a"
                + "6292a2977014bd1e3deae63aeebb21694915e4"
        ),
        (
            secret: "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643",
            key: "9f02283b6c9c07efc26bb9f2ac92e356", iv: "cf782b88dd83549aadf1e984",
            record:
                "17030300 432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8fcc49c4bf2"
                + "e5f0a21c0047c2abf332540dd032e167c2955d"
        ),
    ]

    @Test("the records of RFC 8448 open", arguments: [0, 1])
    func trace(index: Int) throws {
        let sent = Self.sent[index]
        let secret = Self.bytes(sent.secret)
        let key = KeyDerivation.expandLabel(.sha256, secret.span.bytes, "key", count: 16)
        let iv = KeyDerivation.expandLabel(.sha256, secret.span.bytes, "iv", count: 12)
        #expect(Hex.string(key) == sent.key)
        #expect(Hex.string(iv) == sent.iv)
        let pool = CipherPool(limit: 4)
        let suite = CipherSuite(rawValue: 0x1301)
        let material = Secret(copying: secret.span.bytes)
        var recordKey = try #require(RecordKey(version: .tls13, suite: suite, secret: material))
        let record = Self.bytes(sent.record)
        // The client's first record of application data; the server's second, behind a ticket.
        let found = pool.open(record.span.bytes, with: &recordKey, number: index == 0 ? 0 : 1)
        let opened = try #require(found)
        let plain = [UInt8](pool.plain(opened))
        #expect(opened.type == ContentType.applicationData)
        #expect(plain == Array(0...49))
        let other = pool.open(record.span.bytes, with: &recordKey, number: 7) == nil
        #expect(other)
    }

    /// From the mailing list of the working group, and used by many implementations.
    @Test("the pseudorandom function of TLS 1.2")
    func pseudorandom() {
        let secret = Self.bytes("9bbe436ba940f017b17652849a71db35")
        let seed = Self.bytes("a0ba9f936cda311827a6f796ffd5198c")
        let output = KeyDerivation.pseudorandom(
            .sha256, secret.span.bytes, label: "test label", seed: seed, count: 100)
        #expect(
            Hex.string(output)
                == "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
                + "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
                + "87347b66")
    }
}
