/// A form that only tokens of one kind have: how they begin, of what they are made, and how long they are at least.
struct TokenShape {
    private let prefix: [UInt8]
    /// Bytes behind the prefix.
    private let least: Int
    private let alphabet: Alphabet

    private enum Alphabet {
        /// Letters, digits, `_` and `-`.
        case word
        /// The same, of which one at least is a digit or a capital: what begins so may be a word as well.
        case mixed
        /// The same and dots.
        case dotted
        case capitals
        case hexadecimal
        /// Letters and digits: some are capitals, some small, some digits.
        case random
        /// The base64 that hashes of passwords are written in, and what parts it.
        case hash
        /// A path of a URL.
        case path
    }

    private init(_ prefix: String, _ least: Int, _ alphabet: Alphabet = .word) {
        (self.prefix, self.least, self.alphabet) = (Array(prefix.utf8), least, alphabet)
    }

    /// The token that begins at an index; `nil` if none does.
    /// - Parameter isOpen: whether the text may go on behind its end, so that a token there may be cut.
    static func token(at index: Int, of bytes: ArraySlice<UInt8>, isOpen: Bool) -> Range<Int>? {
        if index > bytes.startIndex, isOfWord(bytes[index - 1]) { return nil }
        if let token = threefold(at: index, of: bytes, isOpen: isOpen) { return token }
        guard let shapes = byFirst[bytes[index]] else { return nil }
        for shape in shapes {
            if let token = shape.token(at: index, of: bytes, isOpen: isOpen) { return token }
        }
        return nil
    }

    /// `123456789:` and 35 characters, as Telegram's bots have them, by the index of the colon.
    static func botToken(around colon: Int, of bytes: ArraySlice<UInt8>, isOpen: Bool) -> Range<Int>? {
        let digits = bytes[..<colon].suffix(10).reversed().prefix { NameWords.isDigit($0) }.count
        let rest = bytes[(colon + 1)...].prefix(64).prefix { isOfToken($0) }
        let isCut = isOpen && rest.endIndex == bytes.endIndex && rest.count > 8
        return digits >= 8 && (rest.count == 35 || isCut) ? colon + 1..<rest.endIndex : nil
    }

    /// A number in base64, a time and a signature between dots, as Discord's bots have them.
    private static func threefold(at index: Int, of bytes: ArraySlice<UInt8>, isOpen: Bool) -> Range<Int>? {
        guard (UInt8(ascii: "M")...UInt8(ascii: "O")).contains(bytes[index]) else { return nil }
        let dot = UInt8(ascii: ".")
        let number = bytes[index...].prefix(30).prefix { isOfToken($0) }
        guard number.count >= 23, bytes[number.endIndex...].first == dot else { return nil }
        let time = bytes[(number.endIndex + 1)...].prefix(8).prefix { isOfToken($0) }
        guard (5...7).contains(time.count), bytes[time.endIndex...].first == dot else { return nil }
        let signature = bytes[(time.endIndex + 1)...].prefix { isOfToken($0) }
        let isCut = isOpen && signature.endIndex == bytes.endIndex
        return isCut || signature.count >= 27 ? index..<signature.endIndex : nil
    }

    /// What lies between the lines at both ends of a private key. RFC 7468 §10, §11, and formats like it.
    static func privateKey(at index: Int, of bytes: ArraySlice<UInt8>) -> Range<Int>? {
        // PuTTY's files say how many lines there are.
        if bytes[..<index].suffix(7).elementsEqual("Private".utf8), bytes[index...].starts(with: "-Lines: ".utf8) {
            let start = index + "-Lines: ".utf8.count
            return start..<(bytes[start...].firstRange(of: Array("Private-MAC".utf8))?.lowerBound ?? bytes.endIndex)
        }
        guard bytes[index...].starts(with: "-----BEGIN ".utf8) else { return nil }
        let line = bytes[(index + 11)...].prefix(64)
        guard let label = line.firstIndex(of: UInt8(ascii: "-")), bytes[label...].starts(with: "-----".utf8),
            String(decoding: line[..<label], as: UTF8.self).contains("PRIVATE KEY")
        else { return nil }
        let start = label + 5
        return start..<(bytes[start...].firstRange(of: Array("-----END".utf8))?.lowerBound ?? bytes.endIndex)
    }

    private func token(at index: Int, of bytes: ArraySlice<UInt8>, isOpen: Bool) -> Range<Int>? {
        guard bytes[index...].starts(with: prefix) else { return nil }
        let start = index + prefix.count
        let end = bytes[start...].firstIndex { !contains($0) } ?? bytes.endIndex
        guard end > start else { return nil }
        // An excerpt ends with three dots in one character.
        let isCut = end == bytes.endIndex ? isOpen : bytes[end...].starts(with: "…".utf8)
        if isCut { return index..<end }
        guard end - start >= least else { return nil }
        if alphabet == .capitals, end - start > least { return nil }
        if alphabet == .random, !TokenShape.isRandom(bytes[start..<end]) { return nil }
        if alphabet == .mixed, !bytes[start..<end].contains(where: { NameWords.isDigit($0) || NameWords.isCapital($0) })
        {
            return nil
        }
        return index..<end
    }

    private func contains(_ byte: UInt8) -> Bool {
        switch alphabet {
        case .word, .mixed: TokenShape.isOfToken(byte)
        case .dotted: TokenShape.isOfToken(byte) || byte == UInt8(ascii: ".")
        case .capitals: NameWords.isCapital(byte) || NameWords.isDigit(byte)
        case .hexadecimal: NameWords.isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
        case .random: TokenShape.isOfWord(byte)
        case .hash: TokenShape.isOfWord(byte) || ["$", ".", "/", "+", "=", ","].contains(Unicode.Scalar(byte))
        case .path: TokenShape.isOfToken(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "@")
        }
    }

    private static func isRandom(_ word: ArraySlice<UInt8>) -> Bool {
        word.contains(where: NameWords.isDigit) && word.contains(where: NameWords.isCapital)
            && word.contains { $0 >= 0x61 && $0 <= 0x7A }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool { NameWords.isLetter(byte) || NameWords.isDigit(byte) }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        isOfWord(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static let byFirst = Dictionary(grouping: all) { $0.prefix[0] }

    private static let all: [TokenShape] =
        [
            // JSON Web Tokens: the base64 of `{"`, then dots. RFC 7519 §3.
            TokenShape("eyJ", 13, .dotted),
            // Amazon's keys have 20 characters in all.
            TokenShape("AKIA", 16, .capitals), TokenShape("ASIA", 16, .capitals), TokenShape("ABIA", 16, .capitals),
            TokenShape("ACCA", 16, .capitals),
            // Google
            TokenShape("AIza", 30), TokenShape("ya29.", 16), TokenShape("GOCSPX-", 16), TokenShape("1//0", 24),
            TokenShape("APA91b", 40),
            // OpenAI, Anthropic and others
            TokenShape("sk-", 16, .mixed), TokenShape("openai-insecure-api-key.", 1),
            // SendGrid, Mailgun, Twilio, Databricks
            TokenShape("SG.", 32, .dotted), TokenShape("key-", 32, .hexadecimal), TokenShape("SK", 32, .hexadecimal),
            TokenShape("dapi", 32, .hexadecimal),
            // HashiCorp Vault
            TokenShape("hvs.", 16), TokenShape("hvb.", 16), TokenShape("hvr.", 16),
            // Doppler, Atlassian, PyPI, Facebook, age
            TokenShape("dp.pt.", 16), TokenShape("dp.st.", 16, .dotted), TokenShape("ATATT3", 20, .word),
            TokenShape("pypi-AgE", 16), TokenShape("EAACEdEose0cBA", 1), TokenShape("EAA", 16, .random),
            TokenShape("EAA", 40), TokenShape("AGE-SECRET-KEY-1", 8), TokenShape("ATCTT3", 20, .word),
            TokenShape("ATBB", 20, .random),
            TokenShape("hf_", 24), TokenShape("tvly-", 16, .mixed), TokenShape("oy2", 40), TokenShape("atlasv1.", 20),
            TokenShape("dt0c01.", 16, .dotted),
            // URLs that whoever knows them may post to
            TokenShape("hooks.slack.com/services/", 1, .path), TokenShape("discord.com/api/webhooks/", 1, .path),
            TokenShape("discordapp.com/api/webhooks/", 1, .path),
            TokenShape("webhook.office.com/webhookb2/", 1, .path),
            TokenShape("hooks.zapier.com/hooks/catch/", 1, .path),
        ] + words.map { TokenShape($0, 8) } + hashes.map { TokenShape($0, 20, .hash) }
        // PASETO
        + (1...4).flatMap { [TokenShape("v\($0).local.", 22, .dotted), TokenShape("v\($0).public.", 22, .dotted)] }

    /// Hashes of passwords, as they are kept.
    private static let hashes = [
        "$1$", "$5$", "$6$", "$y$", "$2a$", "$2b$", "$2y$", "$apr1$", "$argon2i$", "$argon2d$", "$argon2id$",
        "$scrypt$",
        "$pbkdf2",
    ]

    /// Beginnings that no other word has.
    private static let words = [
        // GitHub, GitLab
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-",
        "glsoat-", "glft-", "glimt-", "glagent-", "gloas-",
        // Slack
        "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xoxe.xoxp-", "xoxc-", "xoxd-", "xapp-", "xwfp-",
        // Stripe, Square, Shopify
        "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "sq0atp-", "sq0csp-", "shpat_", "shpca_", "shppa_",
        "shpss_",
        // npm, Docker, RubyGems, DigitalOcean, Fly.io, PlanetScale, Supabase, Tailscale, Pulumi, Terraform
        "npm_", "dckr_pat_", "rubygems_", "dop_v1_", "doo_v1_", "dor_v1_", "fo1_", "pscale_tkn_", "pscale_pw_",
        "pscale_oauth_", "sbp_", "tskey-", "pul-",
        // Sentry, Grafana, New Relic, Postman, Linear, Notion, Figma, Groq, xAI, Perplexity, Replicate
        "sntrys_", "sntryu_", "glsa_", "glc_", "NRAK-", "PMAK-", "lin_api_", "ntn_", "figd_", "gsk_", "xai-", "pplx-",
        "r8_",
        // Netlify, Buildkite, CircleCI, Brevo, Sourcegraph, Typeform, Readme, Shippo, LangSmith, Contentful, HubSpot
        "nfp_", "bkua_", "CCIPAT_", "xkeysib-", "xsmtpsib-", "sgp_", "tfp_", "rdme_", "shippo_live_", "shippo_test_",
        "lsv2_pt_", "lsv2_sk_", "CFPAT-", "pat-na1-", "pat-eu1-", "fm1_", "fm2_",
    ]
}
