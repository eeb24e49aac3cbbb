import CPcre2

/// A regular expression (PCRE2). A match is given up after a fixed number of steps, so that no text can take forever.
public final class FilterPattern {
    /// The outcome for one text.
    enum Outcome { case found, notFound, givenUp }

    /// As it was written, UTF-8 or not.
    public let source: [UInt8]
    private let code: OpaquePointer
    private let room: OpaquePointer
    private let limits: OpaquePointer

    /// Steps of one match; some tens of milliseconds.
    private static let stepLimit: UInt32 = 1_000_000
    /// Memory of one match, in KiB.
    private static let memoryLimit: UInt32 = 16 << 10
    /// Bytes of a text that are looked at.
    static let textLimit = 1 << 20

    /// Compiles it; what is wrong is told in the library's words.
    init(_ source: [UInt8]) throws(PatternError) {
        var number: Int32 = 0
        var offset = 0
        let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        guard let code = pcre2_compile_8(source, source.count, options, &number, &offset, nil) else {
            throw PatternError(reason: FilterPattern.message(number), offset: min(offset, source.count))
        }
        guard let room = pcre2_match_data_create_8(1, nil) else {
            pcre2_code_free_8(code)
            throw PatternError(reason: "there is no memory for it", offset: 0)
        }
        guard let limits = pcre2_match_context_create_8(nil) else {
            pcre2_match_data_free_8(room)
            pcre2_code_free_8(code)
            throw PatternError(reason: "there is no memory for it", offset: 0)
        }
        pcre2_set_match_limit_8(limits, FilterPattern.stepLimit)
        pcre2_set_heap_limit_8(limits, FilterPattern.memoryLimit)
        self.source = source
        self.code = code
        self.room = room
        self.limits = limits
    }

    deinit {
        pcre2_match_context_free_8(limits)
        pcre2_match_data_free_8(room)
        pcre2_code_free_8(code)
    }

    /// Whether it is found anywhere in a text.
    func match(_ text: ArraySlice<UInt8>) -> Outcome {
        let shown = text.prefix(FilterPattern.textLimit)
        let result = shown.withUnsafeBufferPointer { bytes in
            // The library wants an address even of nothing.
            withUnsafePointer(to: UInt8(0)) { nothing in
                pcre2_match_8(code, bytes.baseAddress ?? nothing, bytes.count, 0, 0, room, limits)
            }
        }
        if result == PCRE2_ERROR_NOMATCH { return .notFound }
        return result >= 0 ? .found : .givenUp
    }

    private static func message(_ number: Int32) -> String {
        let text = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            count = max(0, Int(pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)))
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension FilterPattern: Equatable {
    public static func == (left: FilterPattern, right: FilterPattern) -> Bool { left.source == right.source }
}

/// What is wrong with a regular expression.
struct PatternError: Error {
    let reason: String
    /// How much of it was read before that, in bytes.
    let offset: Int
}
