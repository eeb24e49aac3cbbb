/// Texts with secrets in each of the forms that are parsed.
enum RedactionSeeds {
    static let all = texts.map { name, text in (name, Array(text.utf8)) }

    private static let texts = [
        ("json", #"{"a":[{"p\u0061ssword":"x","n":1}],"tokens":{"b":["y"]},"c":"{\"pin\":\"z\"}"}"#),
        ("pair", #"{"headers":[{"name":"X-Auth-Token","value":"x"},["api-key","y"]]}"#),
        ("form", "user=a&password=b%20c&r=https%3A%2F%2Fh%2F%3Ftoken%3Dx"),
        (
            "head",
            "GET /?key=x HTTP/1.1\r\nAuthorization: Digest username=\"a\", response=\"b\"\r\nCookie: a=b; c=d\r\n\r\n"
        ),
        ("xml", "<a><password t=\"x\"><![CDATA[y]]></password><p name='token' value='z'/></a>&quot;pin&quot;: 1"),
        ("shapes", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln ghp_0123456789abcdef https://a:b@h/ Bearer abcdefgh1"),
        ("key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"),
        ("graphql", #"{"query":"mutation($p: String!) { login(password: \"x\", tokens: [\"a\", $p]) { id } }"}"#),
        ("settings", "password='a\\'b' token := `x`, {pass:1,secret:[2]} api key: y"),
    ]
}
