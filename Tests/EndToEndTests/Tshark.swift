import Testing

/// tshark, as a second opinion.
enum Tshark {
    struct Row: Hashable, CustomStringConvertible {
        let packet: Int
        let opcode: Int
        let isFinal: Bool
        let length: Int
        let key: String
        var withoutPlace: Row { Row(packet: 0, opcode: opcode, isFinal: isFinal, length: length, key: key) }
        var description: String { "packet \(packet): opcode \(opcode), FIN \(isFinal), \(length) bytes, key \(key)" }
    }

    /// Every frame that it finds.
    static func frames(in path: String) throws -> [Row] {
        let result = try read(path)
        #expect(result.status == 0, "\(result.errors)")
        return try rows(of: result)
    }

    /// Reads a capture with its own best settings.
    static func read(_ path: String) throws -> Wstap.Result {
        let names = [
            "opcode", "fin", "payload_length", "payload_length_ext_16", "payload_length_ext_64", "masking_key",
        ]
        let fields = ["frame.number"] + names.map { "websocket.\($0)" }
        // HTTP on any port: the samples use those that were free.
        return try Wstap.run(
            "/usr/bin/tshark",
            ["-r", path, "-o", "tcp.reassemble_out_of_order:TRUE", "-Y", "websocket", "-T", "fields"]
                + fields.flatMap { ["-e", $0] })
    }

    /// The numbers of TCP connections, by packet: in a tunnel there may be several.
    static func streams(in path: String) throws -> [Int: [Int]] {
        let result = try Wstap.run(
            "/usr/bin/tshark", ["-r", path, "-Y", "tcp", "-T", "fields", "-e", "frame.number", "-e", "tcp.stream"])
        return Dictionary(
            result.output.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "\t")
                guard cells.count == 2, let packet = Int(cells[0]) else { return nil }
                return (packet, cells[1].split(separator: ",").compactMap { Int($0) })
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The seconds between a request and its response, by the response's packet.
    static func responseTimes(in path: String) throws -> [Int: Double] {
        let result = try Wstap.run(
            "/usr/bin/tshark", ["-r", path, "-Y", "http.time", "-T", "fields", "-e", "frame.number", "-e", "http.time"])
        return Dictionary(
            result.output.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "\t")
                guard cells.count == 2, let packet = Int(cells[0]), let time = Double(cells[1]) else { return nil }
                return (packet, time)
            }, uniquingKeysWith: { first, _ in first })
    }

    static func rows(of result: Wstap.Result) throws -> [Row] {
        try result.output.split(separator: "\n").flatMap { line in
            try rows(
                line.split(separator: "\t", omittingEmptySubsequences: false).map {
                    $0.split(separator: ",").map(String.init)
                })
        }
    }

    /// tshark prints one line a packet, with the values of all its frames in each column.
    private static func rows(_ columns: [[String]]) throws -> [Row] {
        try #require(columns.count == 7)
        let packet = try #require(columns[0].first.flatMap { Int($0) })
        var (long, longest, keys) = (columns[4][...], columns[5][...], columns[6][...])
        return try columns[1].indices.map { index in
            var length = columns[3][index]
            if length == "126" { length = long.popFirst() ?? "missing" }
            if length == "127" { length = longest.popFirst() ?? "missing" }
            return Row(
                packet: packet, opcode: try #require(Int(columns[1][index])),
                isFinal: ["1", "True"].contains(columns[2][index]), length: try #require(Int(length)),
                // All frames of one packet have one sender, so that either all are masked or none.
                key: keys.popFirst() ?? "")
        }
    }
}
