import Foundation
import TapTestSupport
import Testing

@Suite("Names of connections in records")
struct ConnectionIDRecordTests {
    /// The name of each connection by its number; every record of one has the same.
    private static func ids(_ arguments: [String]) throws -> [Int: String] {
        let run = try Wstap.run(
            ["read", "--format", "ndjson", "--events", "handshake,frame,message,finding,connection"] + arguments)
        var ids: [Int: String] = [:]
        for record in run.records {
            let number = try #require(record["connection"] as? Int)
            let id = try #require(record["connection_id"] as? String)
            #expect(id.count == 16)
            #expect(id.allSatisfy { $0.isHexDigit && !$0.isUppercase })
            #expect(ids.updateValue(id, forKey: number) ?? id == id)
        }
        return ids
    }

    @Test("are the same for every number of threads and every split into files")
    func threadsAndFiles() throws {
        let folder = try TemporaryFolder()
        let packets = BusyCapture.packets(frames: 2_000, connections: 9)
        let whole = try folder.file("whole.pcap", Data(CaptureBuilder.pcap(packets).bytes))
        let expected = try Self.ids([whole])
        #expect(expected.count == 9)
        #expect(Set(expected.values).count == 9)
        for threads in ["1", "2", "3", "4", "8"] {
            #expect(try Self.ids(["--threads", threads, whole]) == expected)
        }
        for count in [2, 3, 50] {
            let files = try (0..<count).map { part in
                let range = packets.count * part / count..<packets.count * (part + 1) / count
                let bytes = CaptureBuilder.pcap(Array(packets[range])).bytes
                return try folder.file("\(count)-\(part).pcap", Data(bytes))
            }
            #expect(try Self.ids(files) == expected)
        }
    }

    @Test("differ among the connections of every sample", arguments: Wstap.samples)
    func samples(name: String) throws {
        let ids = try Self.ids([Wstap.sample(name)])
        #expect(Set(ids.values).count == ids.count)
    }

    @Test("stand in the tables of a database and in a column of CSV")
    func exports() throws {
        let folder = try TemporaryFolder()
        let path = Wstap.sample("chat.pcap")
        let expected = try Self.ids([path])
        let database = folder.path("chat.db")
        #expect(try Wstap.run(["export", path, "--to", "sqlite", "-o", database]).status == 0)
        let query =
            "SELECT connection_id FROM handshakes ORDER BY connection; "
            + "SELECT connection_id FROM connections ORDER BY number; PRAGMA user_version;"
        let rows = try Wstap.run("/usr/bin/env", ["sqlite3", database, query]).output.split(separator: "\n").map(
            String.init)
        let ids = expected.sorted { $0.key < $1.key }.map(\.value)
        #expect(rows == ids + ids + ["2"])
        let csv = try Wstap.run(["export", path, "--to", "csv", "-o", "-"]).output
        let lines = csv.split(separator: "\r\n").dropFirst()
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { line in ids.contains { line.contains(",\($0),") } })
    }
}
