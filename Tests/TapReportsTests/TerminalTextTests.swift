import TapReports
import Testing

@Suite("What text from the wire looks like in a terminal")
struct TerminalTextTests {
    @Test(
        "a message goes on in further lines, which are indented; a word is broken only where it is longer than a line")
    func paragraph() {
        let message = "wstap: x.pcap: there is no such file, and no folder"
        #expect(
            TerminalText.paragraph(message, width: 40) == "wstap: x.pcap: there is no such file,\n  and no folder\n")
        #expect(TerminalText.paragraph("short", width: 80) == "short\n")
        #expect(TerminalText.paragraph("at\u{7}", width: 80) == "at\\x07\n")
        let long = TerminalText.paragraph("a " + String(repeating: "b", count: 100), width: 40)
        #expect(long.split(separator: "\n").allSatisfy { $0.count <= 40 } && long.count { $0 == "b" } == 100)
    }

    @Test(
        "every character that could do something is shown as an escape",
        arguments: [
            ("plain ASCII stays", "Hello, ~ world!", "Hello, ~ world!"),
            ("letters of all scripts stay", "Zoë Ωμέγα Привет 日本語 한국어 עברית", "Zoë Ωμέγα Привет 日本語 한국어 עברית"),
            ("emoji stay", "🎉👍🏽 ❤️", "🎉👍🏽 ❤️"),
            ("JSON stays, backslashes too", #"{"a":"\"b\""}"#, #"{"a":"\"b\""}"#),
            ("line ends and tabs are visible", "a\nb\r\nc\td", #"a\nb\r\nc\td"#),
            ("an SGR sequence changes no colour", "\u{1B}[31mred\u{1B}[0m", #"\x1b[31mred\x1b[0m"#),
            ("an OSC sequence sets no title", "\u{1B}]0;owned\u{07}", #"\x1b]0;owned\x07"#),
            ("NUL, BEL and DEL are visible", "\0\u{07}\u{7F}", #"\x00\x07\x7f"#),
            ("C1 controls are no CSI", "\u{9B}31m\u{85}", #"\u{9b}31m\u{85}"#),
            ("bidi overrides reorder nothing", "\u{202E}gpj.exe\u{2066}", #"\u{202e}gpj.exe\u{2066}"#),
            ("separators break no line", "a\u{2028}b\u{2029}c", #"a\u{2028}b\u{2029}c"#),
            ("zero width is visible", "a\u{200B}b\u{200D}c\u{FEFF}", #"a\u{200b}b\u{200d}c\u{feff}"#),
            ("joiners of Persian stay", "می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("joiners of Hindi stay", "क्\u{200D}ष क्\u{200C}ष", "क्\u{200D}ष क्\u{200C}ष"),
            (
                "joiners of emoji stay", "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}\u{200D}🔥",
                "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}\u{200D}🔥"
            ),
            (
                "joiners that nothing shows are visible", "\u{200D}می\u{200C} a\u{200C}خ",
                #"\u{200d}می\u{200c} a\u{200c}خ"#
            ),
            (
                "and so are several in a row", "می\u{200C}\u{200C}خ 👨\u{200D}\u{200D}👩",
                #"می\u{200c}\u{200c}خ 👨\u{200d}\u{200d}👩"#
            ),
            ("and those of other characters", "👨\u{200C}👩 م\u{200D}क", #"👨\u{200c}👩 م\u{200d}क"#),
            ("a mark without a letter is visible", "\u{301}e\u{301}", "\\u{301}e\u{301}"),
            ("a soft hyphen is visible", "a\u{AD}b", #"a\u{ad}b"#),
            ("tags hide nothing", "a\u{E0041}", #"a\u{e0041}"#),
            (
                "a pile of marks ends", "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
                "e\u{301}\u{301}\u{301}\u{301}\\u{301}\\u{301}"
            ),
        ])
    func escape(what: String, text: String, shown: String) {
        #expect(TerminalText.escape(text) == shown)
    }

    @Test(
        "bytes that are not UTF-8 are shown one by one",
        arguments: [
            ("an overlong slash", [0xC0, 0xAF], #"\xc0\xaf"#),
            ("an overlong NUL of three bytes", [0xE0, 0x80, 0x80], #"\xe0\x80\x80"#),
            ("a lone surrogate", [0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
            ("beyond Unicode", [0xF4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#),
            ("continuation bytes alone", [0x80, 0xBF], #"\x80\xbf"#),
            ("a raw C1 byte", [0x9B, 0x33], #"\x9b3"#),
            ("a character that is cut", [0x61, 0xE2, 0x82], #"a\xe2\x82"#),
            ("a character that is cut by another", [0xE2, 0x82, 0x61], #"\xe2\x82a"#),
            ("bytes that never occur", [0xFE, 0xFF], #"\xfe\xff"#),
        ] as [(String, [UInt8], String)])
    func invalid(what: String, bytes: [UInt8], shown: String) {
        #expect(TerminalText.escape(bytes[...]) == shown)
    }

    @Test(
        "characters take as many cells as a terminal gives them",
        arguments: [
            ("a", 1), ("é", 1), ("Ω", 1), ("→", 1), ("✓", 1), ("日", 2), ("한", 2), ("ｱ", 1), ("Ａ", 2), ("🎉", 2),
            ("⌚", 2), ("\u{301}", 0), ("\u{20DD}", 0), ("\u{1160}", 0), ("𠀀", 2), ("。", 2),
        ] as [(Unicode.Scalar, Int)])
    func cells(scalar: Unicode.Scalar, cells: Int) {
        #expect(TerminalWidth.cells(scalar) == cells)
    }
}
