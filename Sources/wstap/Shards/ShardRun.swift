import TapCore

/// The name of what one run of the program makes: a hash of what it makes it of, as far as that is known before it begins. So the
/// same shards of the same files are the same, byte by byte.
struct ShardRun {
    private var hash: UInt64 = 0x8BB8_4B93_962E_ACC9

    mutating func note(_ number: UInt64) { hash = FlowKey.mix(hash ^ number, 0x9E37_79B9_7F4A_7C15) ^ hash << 1 }

    mutating func note(_ bytes: RawSpan) {
        for place in 0..<bytes.byteCount { note(UInt64(bytes.uint8(at: place))) }
    }

    mutating func note(_ text: String) {
        note(UInt64(text.utf8.count))
        for byte in text.utf8 { note(UInt64(byte)) }
    }

    var value: UInt64 { hash }
}
