/// The same connections as those of ``HTTP2Seeds``, and one in which WebSocket is spoken.
enum StreamSeeds {
    static let all: [(String, [UInt8])] =
        HTTP2Seeds.all.map { ($0.0, Array($0.1.prefix(1)) + [6] + Array($0.1.dropFirst())) }
        + [("talk", [0, 3] + open + hello + answer + hello + answer + close)]

    private static let open: [UInt8] = [2, 0, 1] + [0x82, 0, 1]
    private static let hello: [UInt8] = [4, 1, 8] + [0x81, 0x82, 1, 2, 3, 4, 0x69, 0x6B]
    private static let answer: [UInt8] = [0x84, 1, 4] + [0x81, 2, 0x68, 0x69]
    private static let close: [UInt8] =
        [4, 1, 8, 0x88, 0x82, 4, 3, 2, 1, 7, 0xEB] + [0x84, 1, 4, 0x88, 2, 3, 0xE8] + [0xA4, 1, 0]
}
