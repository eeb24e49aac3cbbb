/// Texts without a secret, of which some look as if there were one. Nothing of them may be taken out.
package enum InnocentTexts {
    package static let all = members + spokenOf + settings + sentences + markup

    private static let members = [
        #"{"author":"ann"}"#, #"{"typing":true}"#, #"{"monkey":"banana"}"#, #"{"key":"volume","value":"11"}"#,
        #"{"type":"key","key":"Enter"}"#, #"{"keyCode":13}"#, #"{"keyboard":"qwerty"}"#, #"{"primaryKey":"id"}"#,
        #"{"sort_key":"name"}"#, #"{"cacheKey":"rooms"}"#, #"{"routing_key":"eu.orders"}"#, #"{"publicKey":"open"}"#,
        #"{"idempotency-key":"abc"}"#, #"{"token_type":"bearer"}"#, #"{"tokenExpires":3600}"#, #"{"max_tokens":4096}"#,
        #"{"usage":{"total_tokens":12,"cached_tokens":3}}"#, #"{"passwordRequired":true}"#, #"{"password":null}"#,
        #"{"password":""}"#, #"{"token":false}"#, #"{"passenger":"ann"}"#, #"{"compass":"north"}"#,
        #"{"bypass":"river"}"#, #"{"passive":"yes"}"#, #"{"tokenizer":"words"}"#, #"{"secretary":"bob"}"#,
        #"{"authority":"city"}"#, #"{"authored_by":"ann"}"#, #"{"pinned":true}"#, #"{"spin":"left"}"#,
        #"{"shipping":"fast"}"#, #"{"opinion":"good"}"#, #"{"cookieConsent":"given"}"#, #"{"cookie_policy":"strict"}"#,
        #"{"session":{"model":"small"}}"#, #"{"code":404}"#, #"{"status_code":"E12"}"#, #"{"postcode":"80331"}"#,
        #"{"countryCode":"DE"}"#, #"{"signal":"strong"}"#, #"{"signature":"f(x)"}"#, #"{"design":"flat"}"#,
        #"{"nonce":7}"#, #"{"ticket":"T-1"}"#, #"{"grant_type":"password","scope":"all"}"#, #"["one","two"]"#,
        #"["password reset","done"]"#, #"{"name":"room","value":"7"}"#, #"{"name":"token type","value":"x"}"#,
        #"{"id":1,"method":"add","params":[1,2]}"#, #"{"pass":12,"fail":0}"#, #"{"hockey":"puck"}"#,
        #"{"a\u0062c":"\u0041"}"#, #"{"text":"say \"hello\" to all"}"#, #"{"body":"{\"room\":\"7\"}"}"#,
        #"{"passwordPolicy":"long"}"#, #"{"access":"granted"}"#, #"{"accessible":"yes"}"#, #"{"private":"no"}"#,
        #"{"Sec-WebSocket-Key":"dGhlIHNhbXBsZSBub25jZQ=="}"#, #"{"key":"dGhlIHNhbXBsZSBub25jZQ=="}"#,
        #"{"user_id":"u-1","username":"ann"}"#, #"{"login":"ann"}"#, #"{"hash":"d41d8cd98f00b204e9800998ecf8427e"}"#,
    ]

    /// What other members or elements speak of, and no secret is.
    private static let spokenOf = [
        #"{"action":"auth","status":"ok"}"#, #"{"op":"subscribe","args":["trades","BTC-USD"]}"#,
        #"{"event":"login","user":"ann"}"#, #"{"type":"auth_required","version":"2026.1"}"#,
        #"{"op":"replace","path":"/user/name","value":"Ann"}"#, #"{"path":["user","name"],"value":"Ann"}"#,
        #"{"type":"connection_ack","payload":{"room":"7"}}"#, #"{"kind":"ConfigMap","data":{"color":"teal"}}"#,
        #"{"rawHeaders":["Host","h.example","Accept","*/*"]}"#, #"{"headers":["Accept: text/html"]}"#,
        #"{"columns":["user","room"],"rows":[["ann","7"]]}"#, #"{"attr":"title","old":null,"new":"Dr"}"#,
        #"{"label":"Room","value":"7"}"#, #"{"id":"room","value":"7"}"#, #"["set","user.name","Ann"]"#,
        #"{"data":"aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91IHRvZGF5Pw=="}"#, #"{"a":"YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo="}"#,
        #"{"pwm":128}"#, #"{"pw":128}"#, #"{"password_reset":"sent"}"#, #"{"имя":"Анна"}"#, #"{"名前":"アン"}"#,
        #"{"sign":"plus"}"#, #"{"challenge":"chess"}"#, #"{"uuid":"123e4567-e89b-12d3-a456-426614174000"}"#,
    ]

    private static let settings = [
        "author=ann", "monkey=abc", "key = value", "a=b", "a=b&c=d", "/chat?room=1&page=2", "?monkey=1&donkey=2",
        "typing: yes", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Accept: */*\r\nHost: h\r\n", "tokenizer=words",
        "WWW-Authenticate: Basic realm=\"shop\"", "Access-Control-Allow-Credentials: true", "token::parse",
        "http://token:8080/x", "https://h.example/a@b", "keyboard=qwerty", "max-age=60", "100% of it", "50%-60%",
        "a%20b%21", "sort_key=name", "login=ann", "room=7;user=ann", "user.name=ann", "tool --room \"7\"",
        "note: |\n  words\n  more\nroom: 7",
        "- name: room\n  value: 7\n", "a:1:{s:4:\"room\";s:1:\"7\";}",
        "Content-Disposition: form-data; name=\"room\"\r\n\r\n7\r\n--b", "SEND\nauthor:Ann\n\nhi\0",
    ]

    private static let sentences = [
        "hello", "the bearer of news", "Basic knowledge", "basic instructions follow", "heyJude, hello there",
        "a token", "tokens are words", "my secret garden", "the password", "task-sk-learn", "disk-usage",
        "risk-averse people", "AKIA", "eyJ", "sk-learn", "EAA is no token", "plain words and PLAIN sailing",
        "authenticate yourself please", "ghp", "xox", "akiabcdefghijklmnopqr", "pin it to the wall",
        "10:30 - 11:45", "say = and :", "C:\\new\\table", "naïve café: ☕", "line one\nline two", "",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "the password \"is\" a word", "forgot password?",
        "EAAP meeting at noon", "EAASI-conference-2026", "v2.local", "pat-a-cake", "MTI is a film", "1//2 of it",
        "$2 each, $6 for two", "https://h.example/webhooks/list", "https://h.example/tokens/list",
        "/api/tokenize/hello",
        "Token economy is growing", "JWT is a standard", "machine h.example login ann", "curl -o out.html https://h/",
        "ls -p /tmp", "GRANT ALL ON rooms TO ann", "user,room\nann,7", "f(\"room\", \"7\")", "cn:: QW5u",
        "say password,\nbye 7",
    ]

    private static let markup = [
        "<key>volume</key><string>eleven</string>", "<name>Reset the password</name><room>7</room>",
        "<meta name=\"viewport\" content=\"wide\">", "<input type=\"text\" name=\"room\" value=\"7\">",
        "<label for=\"password\">Password</label>", "<author>ann</author>", "<key>name</key>",
        "<p class=\"token-list\">words</p>", "<monkey/>",
        "<param name=\"room\" value=\"7\"/>", "<field var=\"room\"><value>7</value></field>", "a < b and c > d",
        "<p>AT&amp;T; &lt;b&gt;</p>", "<presence from=\"ann@h.example\"/>",
        "query($password: String!) { a(password: $password) }", "{ login { token expires } }",
    ]
}
