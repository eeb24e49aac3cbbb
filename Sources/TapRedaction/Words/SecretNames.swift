/// Which names announce secrets. They are judged by their words, so that `newPassword` and `x-api-key` do, and `author`, `monkey`
/// and `token_type` do not.
struct SecretNames: Sendable {
    /// Where a name stands: short words that are common for secrets in one place are innocent in another.
    enum Place {
        /// A member, a setting, an element.
        case text
        /// A parameter of a query or of a form.
        case query
        /// A field of an HTTP head.
        case field
    }

    /// What of a value is secret.
    enum Secrecy {
        case none
        /// Texts and numbers, but not the members of an object: they have names themselves.
        case scalars
        /// All texts in it.
        case texts
        /// All that is in it.
        case all
    }

    /// Names that somebody chose, by their words.
    private let own: [[String]]

    init(_ own: [String] = []) { self.own = own.map { NameWords.words(of: $0.utf8) }.filter { !$0.isEmpty } }

    func secrecy(of name: some BidirectionalCollection<UInt8>, in place: Place) -> Secrecy {
        let words = NameWords.words(of: name)
        guard let last = words.last else { return .none }
        if own.contains(where: { SecretNames.contains(words, $0) }) { return .all }
        if SecretNames.isNamedByPair(words) { return .all }
        if words.count > 1, SecretNames.describing.contains(last) || words.starts(with: ["sec", "web", "socket"]) {
            return .none
        }
        var found = Secrecy.none
        for word in words {
            if SecretNames.strong.contains(word) || SecretNames.hasStrongEnd(word) { return .all }
            if SecretNames.plural.contains(word) || word.hasSuffix("tokens") { found = .texts }
        }
        if case .texts = found { return .texts }
        if last == "pw", SecretNames.isParted(name) { return .texts }
        if last == "pin" || last == "sid" && words.count < 3 { return .all }
        if SecretNames.lastWords.contains(last) { return .scalars }
        switch place {
        case .text: return .none
        case .query: return words.count == 1 && SecretNames.ofQuery.contains(last) ? .all : .none
        case .field: return SecretNames.ofField.contains(last) ? .all : .none
        }
    }

    /// Whether a name in a text is one of a secret.
    func isSecret(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        if case .none = secrecy(of: name, in: .text) { false } else { true }
    }

    /// Whether a word in the list of subprotocols announces that a token follows.
    static func announcesToken(_ name: String) -> Bool {
        announcing.contains(NameWords.words(of: name.utf8).joined(separator: " "))
    }

    /// Whether what stands behind a name is written as a scheme and its credentials.
    static func hasScheme(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        !Set(NameWords.words(of: name)).isDisjoint(with: ["authorization", "auth", "authentication", "bearer"])
    }

    /// Whether what stands behind a name are cookies, one after the other.
    static func areCookies(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        !Set(NameWords.words(of: name)).isDisjoint(with: ["cookie", "cookies"])
    }

    private static func contains(_ words: [String], _ part: [String]) -> Bool {
        words.indices.contains { words[$0...].starts(with: part) }
    }

    /// `api key`, `verification code`: words that only together are a secret's name.
    private static func isNamedByPair(_ words: [String]) -> Bool {
        zip(words, words.dropFirst()).contains { pairs[$1]?.contains($0) ?? false }
    }

    /// Whether the last two letters are a word that something parts from others: base64 may end in any two.
    private static func isParted(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        guard let before = name.suffix(3).first, name.count > 2 else { return name.count == 2 }
        return !NameWords.isLetter(before) && !NameWords.isDigit(before)
    }

    private static func hasStrongEnd(_ word: String) -> Bool {
        word.hasPrefix("password") || word.hasPrefix("passwd") || strongEnds.contains { word.hasSuffix($0) }
    }

    private static let strong: Set<String> = [
        "password", "passwords", "passwd", "passphrase", "passphrases", "passcode", "passcodes", "pwd", "psk", "secret",
        "secrets", "token", "credential", "credentials", "cred", "creds", "authorization", "bearer", "jwt", "otp",
        "totp", "hotp", "cookie", "cookies", "csrf", "xsrf", "mnemonic", "cvv", "cvc", "puk", "passw",
        // Passwords in other languages
        "kennwort", "passwort", "senha", "contraseña", "contrasena", "wachtwoord", "lösenord", "losenord", "passord",
        "adgangskode", "salasana", "hasło", "haslo", "heslo", "jelszó", "jelszo", "lozinka", "şifre", "sifre", "пароль",
        "密码", "密碼", "パスワード", "비밀번호",
    ]

    /// Ends of words that are written as one.
    private static let strongEnds = [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "apikey", "apikeys", "secretkey",
        "privatekey", "accesskey", "authkey", "sessionid", "sessid", "credential", "credentials",
    ]

    /// Numbers behind them count something: `max_tokens`, `{"pass": 12, "fail": 0}`.
    private static let plural: Set<String> = ["tokens", "pass"]

    private static let lastWords: Set<String> = ["auth", "authentication", "oauth"]

    private static let ofQuery: Set<String> = [
        "key", "sig", "signature", "hmac", "session", "code", "ticket", "nonce", "assertion",
    ]

    private static let ofField: Set<String> = ["session", "signature", "sig", "sign", "hmac", "ticket"]

    /// What only the word before it makes a secret's name.
    private static let pairs: [String: Set<String>] = [
        "key": keyKinds, "keys": keyKinds,
        "code": [
            "auth", "authorization", "verification", "security", "pin", "mfa", "backup", "recovery", "access", "device",
            "sms", "login", "activation", "confirmation", "time", "factor", "2fa", "tfa", "unlock",
        ],
        "codes": ["backup", "recovery"], "id": ["session", "sess", "secret"],
        "signature": ["access", "amz", "aws", "goog", "hub", "request", "sas", "webhook"], "sig": ["auth"],
        "verifier": ["code"], "assertion": ["client"], "response": ["saml"], "header": ["auth", "authorization"],
        "passe": ["de"], "secreta": ["clave"],
        "phrase": ["pass", "seed", "recovery", "backup", "wallet"], "word": ["pass"],
        "info": ["authentication"],
    ]

    private static let keyKinds: Set<String> = [
        "api", "access", "secret", "private", "auth", "encryption", "signing", "master", "shared", "account",
        "subscription", "functions", "function", "license", "session", "ssh", "app", "application", "deploy", "service",
        "storage", "webhook", "consumer", "client", "admin", "root", "bot", "hmac", "aes", "rsa", "symmetric",
        "project", "host", "server", "user", "decryption",
    ]

    /// Last words of names that say something about a secret and are none.
    private static let describing: Set<String> = [
        "type", "types", "expires", "expiry", "expired", "expiration", "expire", "at", "in", "on", "count", "counts",
        "length", "len", "size", "limit", "limits", "policy", "url", "uri", "endpoint", "endpoints", "id", "ids",
        "name", "names", "label", "status", "state", "valid", "validity", "required", "enabled", "disabled", "changed",
        "updated", "created", "version", "algorithm", "alg", "kind", "method", "methods", "mode", "format", "details",
        "usage", "strength", "rules", "min", "max", "attempts", "error", "errors", "field", "fields", "ttl", "lifetime",
        "age", "consent", "banner", "settings", "budget", "scope", "scopes", "hint", "placeholder", "title",
        "description", "path", "domain", "index", "total", "rate", "bucket", "issuer", "audience", "provider", "until",
        "after", "before", "date", "time", "timestamp", "file", "reset",
    ]

    private static let announcing: Set<String> = [
        "bearer", "token", "access token", "accesstoken", "authorization", "auth", "jwt", "api key", "apikey",
        "auth token", "id token",
    ]
}
