import TapCore
import TapRedaction
import TapTestSupport
import Testing

/// Texts with secrets of many kinds, and innocent ones.
@Suite("Kinds of secrets")
struct SecretKindTests {
    static func redacted(_ text: String, naming names: [String] = []) -> String {
        var options = Redaction.Options()
        options.names = names
        var redaction = Redaction(options)
        return String(decoding: redaction.redacted(CaptureComment(.section, Array(text.utf8))).text, as: UTF8.self)
    }

    @Test("there are more than a hundred of both")
    func enough() {
        #expect(SecretKinds.all.count >= 107 && InnocentTexts.all.count >= 100)
        #expect(SecretKinds.all.allSatisfy { $0.text.contains($0.secret) })
    }

    @Test("each secret is hidden, and the length stays", arguments: SecretKinds.all)
    func hidden(kind: SecretKinds.Kind) {
        let text = Self.redacted(kind.text)
        #expect(!text.contains(kind.secret) && text.utf8.count == kind.text.utf8.count, "\(text)")
    }

    @Test("what is innocent stays", arguments: InnocentTexts.all)
    func innocent(text: String) { #expect(Self.redacted(text) == text) }

    @Test("innocent texts before and behind a secret stay", arguments: SecretKinds.all.indices)
    func together(number: Int) {
        let (kind, texts) = (SecretKinds.all[number], InnocentTexts.all)
        // Each text stands before some secrets and behind others.
        for index in (number * 8)..<(number * 8 + 8) {
            let (before, behind) = (texts[index % texts.count], texts[(index * 7 + 3) % texts.count])
            let text = Self.redacted("\(before)\n\(kind.text)\n\(behind)")
            #expect(!text.contains(kind.secret) && text.hasPrefix(before), "\(text)")
            // Where the string or the element is cut, nobody knows what belongs to it.
            #expect(text.hasSuffix(behind) || kind.isCut, "\(text)")
        }
    }

    @Test(
        "names of one's own are known by their words",
        arguments: [
            (#"{"lastCustomerNumber":"A-1","n":2}"#, #"{"lastCustomerNumber":"***","n":2}"#),
            ("customer_number=77&x=1", "customer_number=**&x=1"), (#"{"customer":"ann"}"#, #"{"customer":"ann"}"#),
            ("IBAN: DE00", "IBAN: ****"),
        ])
    func own(text: String, redacted: String) {
        #expect(Self.redacted(text, naming: ["customer-number", "iban"]) == redacted)
    }

    @Test(
        "what is written of values stays readable",
        arguments: [
            ("authorization=Basic dXNlcjpwYXNz", "authorization=Basic ************"),
            (#"{"tokens":{"a":1,"b":["c"]},"d":"e"}"#, #"{"tokens":{"a":1,"b":["*"]},"d":"e"}"#),
            (#"{"password":12,"pin":[1,2]}"#, #"{"password":**,"pin":[*,*]}"#),
            ("user,password,n\nann,abc,1\nbob,\"d,e\",2\nx\n", "user,password,n\nann,***,1\nbob,\"***\",2\nx\n"),
            ("user\ttoken\r\nann\tabc\r\n", "user\ttoken\r\nann\t***\r\n"),
            ("user, password\nhello", "user, password\nhello"),
            (#"{"op":"auth","args":["a",7]}"#, #"{"op":"auth","args":["*",7]}"#),
            ("curl -u ann:abc h", "curl -u ann:*** h"),
            ("data: cGFzc3dvcmQ9c2VjcmV0JnJvb209Nw==", "data: cGFzc3dvcmQ9********JnJvb209Nw=="),
            (
                #"{"columns":["a","token"],"rows":[["b","c"],["d",{"e":"f"}]]}"#,
                #"{"columns":["a","token"],"rows":[["b","*"],["d",{"e":"*"}]]}"#
            ),
            ("--password abc --user ann", "--password *** --user ann"), ("?key=a&code=b&x=c", "?key=*&code=*&x=c"),
            ("https://h/?a=1&token=x%20y#top", "https://h/?a=1&token=*****#top"),
            ("<password>a</password><room>7</room>", "<password>*</password><room>7</room>"),
        ])
    func form(text: String, redacted: String) { #expect(Self.redacted(text) == redacted) }
}
