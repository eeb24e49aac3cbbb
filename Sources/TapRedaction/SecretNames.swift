/// Names behind which secrets stand. Case, hyphens and underscores do not count.
enum SecretNames {
    /// Names of parameters in a query, where short words are common for secrets.
    static func isOfQuery(_ name: some Collection<UInt8>) -> Bool { ofQuery.contains(normalized(name)) }

    /// Names of members and of settings in any text.
    static func isOfText(_ name: some Collection<UInt8>) -> Bool { ofText.contains(normalized(name)) }

    /// Header fields whose value is a secret.
    static func isOfField(_ name: String) -> Bool { ofFields.contains(normalized(name.utf8)) }

    /// Words that a client puts before a token in the list of subprotocols.
    static func announcesToken(_ name: String) -> Bool { announcing.contains(normalized(name.utf8)) }

    private static let ofText: Set<String> = [
        "token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "csrftoken", "apikey",
        "apisecret",
        "password", "passwd", "passphrase", "pwd", "secret", "clientsecret", "authorization", "jwt", "sessionid",
        "credential", "credentials", "privatekey", "accesskey", "secretkey",
    ]

    private static let ofQuery: Set<String> = ofText.union([
        "key", "auth", "sig", "signature", "hmac", "pass", "session", "sid", "code", "ticket", "otp", "bearer", "csrf",
        "nonce", "xamzsecuritytoken", "xamzsignature", "xamzcredential", "xgoogsignature", "xgoogcredential",
    ])

    private static let ofFields: Set<String> = [
        "authorization", "proxyauthorization", "xapikey", "apikey", "xauthtoken", "xaccesstoken", "xcsrftoken",
        "xxsrftoken", "xsessionid", "xsessiontoken", "xamzsecuritytoken", "authenticationinfo",
    ]

    private static let announcing: Set<String> = [
        "bearer", "token", "accesstoken", "authorization", "auth", "jwt", "apikey",
    ]

    private static func normalized(_ name: some Collection<UInt8>) -> String {
        var output: [UInt8] = []
        for byte in name where byte != UInt8(ascii: "-") && byte != UInt8(ascii: "_") {
            output.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
