import TapCore

/// The name of a member that is looked for.
package struct JSONName: ExpressibleByStringLiteral, Sendable {
    /// The first eight bytes, with zeros behind what is shorter: most names are told apart by them.
    struct Letters: Equatable, Sendable {
        private var word: UInt64 = 0

        init() {}

        init(_ name: String) {
            var shift: UInt64 = 0
            for byte in name.utf8 {
                word |= UInt64(byte) &<< shift
                shift &+= 8
                if shift == 64 { break }
            }
        }

        /// - Parameter end: of the name in the text; a quote follows.
        init(_ text: RawSpan, _ start: Int, _ end: Int) {
            let count = min(8, end &- start)
            if start &+ 8 <= text.byteCount {
                let bytes = UInt64(littleEndian: text.word(at: start))
                word = count == 8 ? bytes : bytes & (1 &<< UInt64(8 &* count) &- 1)
            } else {
                for index in 0..<count { word |= UInt64(text.uint8(at: start &+ index)) &<< UInt64(8 &* index) }
            }
        }
    }

    let text: String
    let letters: Letters
    let count: Int

    package init(stringLiteral text: String) { self.init(text) }

    package init(_ text: String) {
        self.text = text
        letters = Letters(text)
        count = text.utf8.count
    }
}
