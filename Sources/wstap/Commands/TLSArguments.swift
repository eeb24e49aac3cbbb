import ArgumentParser
import TapAnalysis

/// Where the keys for TLS come from, and what reading it may cost.
struct TLSArguments: ParsableArguments {
    private static let usual = TLSOptions()

    @Option(
        help: ArgumentHelp(
            "A key log (RFC 9850) to read TLS with; may be repeated (default: $SSLKEYLOGFILE, where it is set). "
                + "A pcapng file may hold its own.", valueName: "file"),
        completion: .file())
    var keylog: [String] = []

    @Flag(help: "Do not read $SSLKEYLOGFILE.")
    var noKeylog = false

    @Option(
        help: ArgumentHelp(
            "A server's RSA key (PEM), for TLS 1.0 to 1.2 without Diffie-Hellman; may be repeated.", valueName: "file"),
        completion: .file())
    var rsaKey: [String] = []

    @Option(
        help: ArgumentHelp(
            "Attempts to decrypt a record of a connection whose TLS handshake was not captured; "
                + "ten times as often in all.", valueName: "tries"))
    var tlsSearch = usual.searchLimit

    @Option(
        help: ArgumentHelp(
            "Bytes of one TLS connection that wait for keys; 64 times as many in all.", valueName: "bytes"))
    var maxHeldTls = usual.heldLimit

    @Option(help: ArgumentHelp("Cipher contexts kept at once, for directions of TLS connections.", valueName: "count"))
    var maxCiphers = usual.cipherLimit

    func validate() throws {
        guard keylog.isEmpty || !noKeylog else {
            throw ValidationError("--keylog and --no-keylog exclude each other")
        }
        guard tlsSearch >= 0, tlsSearch <= Int(Int32.max) else {
            throw ValidationError("--tls-search lies between 0 and \(Int32.max)")
        }
        guard [maxHeldTls, maxCiphers].allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) }) else {
            throw ValidationError("limits lie between 1 and \(Int32.max)")
        }
    }

    /// Opens the key logs, before rights are given up.
    /// - Parameters:
    ///   - captures: the files that are analyzed, which may hold secrets of their own.
    ///   - isFollowing: whether packets come while secrets may be written.
    ///   - mayHold: whether what the packets come from may hold secrets, too.
    /// - Returns: those that are to be followed.
    func extend(
        _ options: inout AnalysisOptions, captures: [String] = [], isFollowing: Bool, mayHold: Bool = false
    ) throws -> KeyLogFiles? {
        options.tls.searchLimit = tlsSearch
        options.tls.heldLimit = maxHeldTls
        options.tls.cipherLimit = maxCiphers
        options.tls.rsaKeys = try rsaKey.map { try KeyLogFiles.rsaKey($0) }
        let logs =
            keylog.isEmpty && !noKeylog
            ? KeyLogFiles.ofEnvironment(isTold: true) : try KeyLogFiles(paths: keylog)
        options.tls.secretsMayCome = isFollowing && (mayHold || !logs.isEmpty)
        options.tls.supply = SecretsOnDemand(logs: isFollowing ? nil : logs, captures: captures)
        return isFollowing && !logs.isEmpty ? logs : nil
    }
}
