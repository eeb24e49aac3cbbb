import TapCore

/// Texts with a secret in each, in the ways in which applications write them, and innocent ones that look alike.
package enum SecretKinds {
    package struct Kind: Sendable, CustomStringConvertible {
        /// Where the secret stands.
        package let text: String
        /// What must not be seen of it, whatever stands around it.
        package let secret: String

        package var description: String { text }

        /// Whether the string or the element that it stands in does not end.
        package var isCut: Bool { text.hasSuffix(secret) && (text.hasPrefix("{") || text.hasPrefix("<")) }

        /// Whether only its form tells it, or that of its credentials, for which a part is not enough.
        package let isShape: Bool
    }

    /// `§` stands for the secret.
    package static let all: [Kind] = templates.enumerated().map { index, template in
        let isShape = (shapes + hashes + schemes).contains(template)
        let number = index < 10 ? "00\(index)" : index < 100 ? "0\(index)" : "\(index)"
        if template.contains("¶") {
            // User and password in base64.
            let pair = Base64.string(Array("user:s3cr3t\(number)q9Zx".utf8).span.bytes)
            return Kind(text: template.replacing("¶", with: pair), secret: pair, isShape: isShape)
        }
        if template.contains("†") {
            let secret = "S3CR3T\(number)ABCDEFG"
            return Kind(text: template.replacing("†", with: secret), secret: secret, isShape: isShape)
        }
        if template.contains("‡") {
            // What stands behind `password=` in base64.
            let value = Base64.string(Array("s3cr3t\(number)q9Z".utf8).span.bytes)
            return Kind(text: template.replacing("‡", with: "cGFzc3dvcmQ9" + value), secret: value, isShape: isShape)
        }
        let secret = "s3cr3t\(number)q9Zx"
        return Kind(text: template.replacing("§", with: secret), secret: secret, isShape: isShape)
    }

    private static let templates =
        json + nested + members + settings + commands + forms + schemes + shapes + hashes + markup + protocols

    private static let json = [
        #"{"password":"§"}"#, #"{"user":"ann","newPassword":"§","n":1}"#, #"{"userPassword":"§"}"#,
        #"{"x_password":"§"}"#, #"{"db-password":"§"}"#, #"{"otp":"§"}"#, #"{"pin":"§"}"#, #"{"cookie":"§"}"#,
        #"{"x-api-key":"§"}"#, #"{"bearer":"§"}"#, #"{"access_token":"§"}"#, #"{"refreshToken":"§"}"#,
        #"{"clientSecret":"§"}"#, #"{"apikey":"§"}"#, #"{"API_KEY":"§"}"#, #"{"secretKeyBase":"§"}"#,
        #"{"private_key":"§"}"#, #"{"sessionId":"§"}"#, #"{"phpsessid":"§"}"#, #"{"csrfToken":"§"}"#,
        #"{"credentials":"§"}"#, #"{"passphrase":"§"}"#, #"{"authorization":"§"}"#, #"{"pwd":"§"}"#,
        #"{"verification_code":"§"}"#, #"{"auth":"§"}"#, #"{"pass":"§"}"#, #"{"recovery phrase":"§"}"#,
        #"{"aws_secret_access_key":"§"}"#, #"{"HTTPAuthToken":"§"}"#, #"{ "password" : "§" }"#,
        "{\n  \"password\":\n    \"§\"\n}", #"{"password":"a\"§\"b"}"#, #"{"password":"§"#, #"["login",{"token":"§"}]"#,
        #"{"2fa_code":"§"}"#, #"{"X-Amz-Security-Token":["§"]}"#, #"{"JSESSIONID":"§"}"#, #"{"webhookSecret":"§"}"#,
    ]

    private static let nested = [
        #"{"p\u0061ssword":"§"}"#, #"{"pass\u0077ord":["§"]}"#, #"{"password":["§","b"]}"#, #"{"tokens":{"a":"§"}}"#,
        #"{"secrets":[{"x":{"y":["§"]}}]}"#, #"{"credentials":{"user":"§"}}"#, #"{"a":{"b":{"c":{"token":"§"}}}}"#,
        #"{"body":"{\"password\":\"§\"}"}"#, #"{"a":"{\"b\":\"{\\\"token\\\":\\\"§\\\"}\"}"}"#,
        #"{"a":"{\"b\":\"{\\\"c\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"§\\\\\\\"}\\\"}\"}"}"#,
        #""{\"password\":\"§\"}""#, #"{"name":"password","value":"§"}"#, #"{"value":"§","key":"api_key"}"#,
        #"{"headers":[{"name":"X-Auth-Token","value":"§"}]}"#, #"{"headers":[["x-api-key","§"]]}"#,
        #"{"Name":"DB_PASSWORD","Value":{"inner":"§"}}"#, #"{"text":"line\npassword=§\nend"}"#,
        #"{"url":"https:\/\/h.example\/?token=§"}"#, #"42["join",{"password":"§"}]"#,
        #"{"log":"got \"apiKey\": \"§\" from it"}"#, #"{"q":"a=1&password=§&b=2"}"#,
    ]

    /// What other members or elements speak of.
    private static let members = [
        #"{"action":"auth","params":"§"}"#, #"{"op":"auth","args":["ann",17,"§"]}"#,
        #"{"action":"auth","key":"§","secret":"b"}"#, #"{"id":1,"method":"user.login","params":["ann","§"]}"#,
        #"{"event":"auth","apiKey":"k-1","authSig":"§"}"#, #"{"auth":["ann","§"]}"#,
        #"[{"op":"replace","path":"/user/password","value":"§"}]"#, #"{"op":"add","path":"/tokens/0","value":"§"}"#,
        #"{"path":["user","token"],"value":"§"}"#, #"{"path":"auth.token","value":"§"}"#,
        #"{"attr":"password","old":null,"new":"§"}"#, #"{"field":"token","newValue":"§"}"#,
        #"{"variable":"API_TOKEN","value":"§"}"#, #"{"id":"password","value":"§"}"#,
        #"{"rawHeaders":["Host","h.example","Cookie","theme=§"]}"#, #"{"rawHeaders":["Accept","*/*","X-Api-Key","§"]}"#,
        #"{"columns":["user","password"],"rows":[["ann","b"],["bob","§"]]}"#,
        #"{"meta":[{"name":"token"},{"name":"n"}],"data":[["§",1]]}"#,
        #"{"kind":"Secret","metadata":{"name":"db"},"data":{"tls.crt":"§"}}"#,
        #"{"type":"ADDED","object":{"kind":"Secret","stringData":{"any":"§"}}}"#,
        #"{"channel":"q","message":{"type":"connection_init","payload":{"x":"§"}}}"#,
        #"{"a":"{\"type\":\"connection_init\",\"payload\":{\"licence\":\"§\"}}"}"#,
        #"{"body":"‡"}"#, "data: ‡", "x ‡ y", #"{"motDePasse":"§"}"#, #"{"wachtwoord":"§"}"#, #"{"пароль":"§"}"#,
        #"{"Пароль":"§"}"#, #"{"密码":"§"}"#, #"{"smtp_pw":"§"}"#, #"{"authHeader":"§"}"#, #"{"clientAssertion":"§"}"#,
        #"{"SAMLResponse":"§"}"#, #"{"code_verifier":"§"}"#, #"{"sim_puk":"§"}"#, #"{"unlockCode":"§"}"#,
    ]

    private static let settings = [
        #"password="§""#, "password='§'", "password: §", #""password" = "§""#, #"PASSWORD="§""#, "{'password':'§'}",
        "password=§ next", "export DB_PASSWORD=§", "password := §", "'password' => '§'", "api key: §",
        "user: ann\npassword: §\nroom: 7", "password: two words §\n", "token=§;room=7",
        "Server=db;Password=§;Timeout=5", "host:6379,password=§,ssl=true", "AccountKey=§", "Set-Cookie: a=b; s=§\r\n",
        "Cookie: theme=dark; other=§", "config[\"token\"] = \"§\"", "{password:§,room:7}", "password=`§`", "pin: §",
        "password: \"\"\"§\"\"\"", "(password: \"§\")", "password=a,b§ c", "tool --password \"§\" --user ann",
        "password: |\n  §\n",
        "password: >-\n  a\n\n  §\nroom: 7", "- name: DB_PASSWORD\n  value: §\n", "a:1:{s:8:\"password\";s:13:\"§\";}",
    ]

    /// What programs and servers are told in words.
    private static let commands = [
        "userPassword:: §\n", "machine h.example login ann password §", "CREATE USER ann IDENTIFIED BY '§'",
        "ALTER ROLE ann WITH PASSWORD '§'", "curl -u ann:§ https://h.example/", "curl --user ann:§",
        "sshpass -p § ssh h",
        #"setItem("token", "§")"#, "/api/token/§aaa/x", "https://h.example/reset-password/§aaaa1",
    ]

    private static let forms = [
        "user=ann&password=§&room=7", "key=§&user=ann", "api%5Fkey=§", "token%3D§", "a%26token%3D§", "user[password]=§",
        "user%5Bpassword%5D=§&x=1", "/chat?room=1&key=§#top", "/chat?sid=§", "https://h.example/?x=1&sig=§",
        "https://h.example/cb?code=§&state=1", "redirect=https%3A%2F%2Fh.example%2F%3Ftoken%3D§",
        "token%253D§", "https://ann:§@h.example/", "?X-Amz-Security-Token=§&X-Amz-Date=2", "?X-Amz-Signature=§",
        "redis://:§@h.example:6379/0", "/s;jsessionid=§?x=1",
        "Content-Disposition: form-data; name=\"password\"\r\n\r\n§\r\n--b",
    ]

    private static let schemes = [
        "authorization=Basic ¶", "Authorization: Basic ¶", "say Basic ¶ now", #"{"h":"Basic ¶"}"#,
        "Authorization: Bearer §", "it was Bearer §!", #"{"Authorization":"Bearer §"}"#, "authorization=bearer §",
        "Proxy-Authorization: Basic ¶\r\nHost: x\r\n", "Authorization: Digest username=\"ann\", response=\"§\"\r\n",
        "Authorization: Custom §\r\n",
        "AWS4-HMAC-SHA256 Credential=AK/2026/eu/s3/aws4_request, SignedHeaders=host, Signature=§",
        "Authorization: Token token=\"§\"", "AUTH PLAIN ¶", "AUTHENTICATE ¶",
        "Authorization: AWS AKIAIOSFODNN7EXAMPLE:§", "Authorization: Bearer: §", "Authorization: Bearer\t§",
        "say JWT §aaa",
    ]

    private static let shapes = [
        "x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.§ y", "see ghp_§aaaa", "a github_pat_§ b", "use xoxb-1234-§",
        "AKIA†", "ASIA†.", "sk-proj-§§", "key sk_live_§", "AIza§aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "glpat-§",
        "npm_§aaaaaaaaaaaaaaaaaaaaaaaa", "hvs.§aaaa", "SG.§aaaaaaaaaa.§aaaaaaaaaa",
        "-----BEGIN RSA PRIVATE KEY-----\n§\n§\n-----END RSA PRIVATE KEY-----",
        #"{"k":"-----BEGIN OPENSSH PRIVATE KEY-----\n§\n-----END OPENSSH PRIVATE KEY-----\n"}"#,
        "https://hooks.slack.com/services/T0/B0/§", "openai-insecure-api-key.§", #"{"note":"\nghp_§aaaa"}"#,
        "bot123456789:AAAAAAAAAAAAAAAAAAAAAA§", "EAAE§aaaaaaaaa", "EAABsbCS1iHgBA§ZAZB",
        "EAAAEOx-§aaaaaaaaaaaaaaaaaaaaaaaaa",
        "v2.local.§§", "v4.public.§§", "ATCTT3xFfGN0§§", "ATBB§aaaaaaaa", "at 1//0g§§aa", "CFPAT-§", "pat-na1-§",
        "tvly-§aaaa",
        "lsv2_pt_§_a", "nfp_§", "bkua_§", "CCIPAT_§", "xkeysib-§", "dt0c01.§.§", "oy2§aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "sgp_§", "rdme_§", "shippo_live_§", "fm2_§", "aaaaaaaaaaaaaa.atlasv1.§aaaaaaa", "AAAAab:APA91b§§§aaaa",
        "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.§aaaaaaaaaaaaaaaa", "https://x.webhook.office.com/webhookb2/1@2/§",
        "https://hooks.zapier.com/hooks/catch/1/§",
        "PuTTY-User-Key-File-3: a\nPrivate-Lines: 1\n§\nPrivate-MAC: 00\n",
    ]

    /// Of passwords, as they are kept.
    private static let hashes = ["$2b$12$§aaaaaaaa", "$argon2id$v=19$m=65536,t=3$c2FsdA$§", "$6$salt$§aaaaaaaa"]

    private static let markup = [
        "<password>§</password>", "<a><ns:Password Type=\"x\">§</ns:Password></a>", "<user password=\"§\"/>",
        "<param name=\"password\" value=\"§\"/>", "<field var='password'><value>§</value></field>",
        "<password><![CDATA[§]]></password>", "<credentials><a>one</a><b>§</b></credentials>",
        "<m body=\"{&quot;password&quot;:&quot;§&quot;}\"/>", "<json>{&#34;token&#34;:&#34;§&#34;}</json>",
        "<dict><key>password</key><string>§</string></dict>",
        "<member><name>api_key</name><value><string>§</string></value></member>",
        "<meta name=\"csrf-token\" content=\"§\">", "<input type=\"password\" name=\"x\" value=\"§\">",
        "<password>§", "<add key=\"ApiKey\" value=\"§\" />",
    ]

    private static let protocols = [
        #"{"query":"mutation { login(user: \"ann\", password: \"§\") { id } }"}"#,
        #"{"query":"mutation($p: String!) { a(password: $p) }","variables":{"password":"§"}}"#,
        #"{"query":"{ a(input: {token: \"§\"}) }"}"#, #"{"query":"{ a(tokens: [\"x\", \"§\"]) }"}"#,
        #"{"type":"connection_init","payload":{"headers":{"Authorization":"Bearer §"}}}"#,
        "CONNECT\naccept-version:1.2\nlogin:ann\npasscode:§\n\n\0",
        "SEND\ndestination:/q\nx-auth-token:§\n\nhi\0",
        #"["CONNECT\naccept-version:1.2\npasscode:§\n\n\u0000"]"#,
        "GET / HTTP/1.1\r\nHost: h\r\nX-Vault-Token: §\r\n\r\n", "Private-Token: §\r\nAccept: */*\r\n",
        #"{"jsonrpc":"2.0","id":1,"method":"login","params":{"password":"§"}}"#,
        "event: auth\ndata: {\"token\":\"§\"}\n\n",
    ]
}
