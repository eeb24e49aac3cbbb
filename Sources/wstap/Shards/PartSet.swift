import TapAnalysis
import TapCore
import TapReports
import TapSources
import TapSubprotocols

/// Parts that are together those of all shards of one capture.
final class PartSet {
    let totals: [PartTotals]
    /// Where the capture comes from.
    let origin: CaptureOrigin
    /// What could not be read of the capture when it was divided.
    let faults: [String]
    private let files: [StateFile]
    /// How many connections there were so far in each.
    private var connections: [Int]

    /// - Parameters:
    ///   - paths: files, or folders in which they lie.
    ///   - version: of the program.
    init(_ paths: [String], version: String) throws(CaptureError) {
        var found: [StateFile] = []
        var manifests: [(path: String, manifest: KnownManifest)] = []
        for path in paths {
            let (files, folder) = try FolderFiles.list(path)
            for file in files {
                if let part = try StateFile(path: file) {
                    found.append(part)
                } else if let manifest = try KnownManifest(path: file) {
                    manifests.append((file, manifest))
                } else if !folder {
                    throw CaptureError(
                        "\(file): no part of a capture: “wstap export --to parts” writes them", path: file)
                }
            }
        }
        guard !found.isEmpty else {
            throw CaptureError("\(paths.joined(separator: " ")): no parts: “wstap export --to parts” writes them")
        }
        let headers = try found.map { file throws(CaptureError) in try PartSet.header(of: file, version) }
        try PartSet.checkShards(zip(found, headers).map { ($0.path, $1) })
        let totals = try found.map { file throws(CaptureError) in
            try PartSet.value(of: file.record(.totals), file, PartTotals.self)
        }
        for (path, manifest) in manifests { try manifest.check(totals, headers[0].shards, path) }
        files = found
        self.totals = totals
        connections = Array(repeating: 0, count: found.count)
        faults = manifests.compactMap { path, manifest in
            manifest.unreadInputs > 0
                ? "\(path): \(manifest.unreadInputs) of the captures could not be read, or not to their ends" : nil
        }
        let places = PacketPlaces()
        for part in totals { if let known = part.places { places.merge(known) } }
        origin = CaptureOrigin(
            places: headers[0].shards == nil ? nil : places, labels: headers[0].labels, shards: headers[0].shards)
    }

    /// The next entries of a part; `nil` at its end.
    func nextEntries(of part: Int) throws(CaptureError) -> PartEntries? {
        guard let bytes = try files[part].nextEntries() else { return nil }
        let entries = try PartSet.value(of: bytes, files[part], PartEntries.self)
        guard entries.isSound(after: &connections[part]) else { throw files[part].damaged() }
        return entries
    }

    private static func header(of file: StateFile, _ version: String) throws(CaptureError) -> PartHeader {
        let header = try value(of: file.record(.header), file, PartHeader.self)
        guard header.version == version else {
            throw CaptureError(
                "\(file.path): wstap \(header.version) wrote it, and this is \(version): export it again",
                path: file.path)
        }
        if let shards = header.shards, shards.count <= 0 || !shards.numbers.allSatisfy((0..<shards.count).contains) {
            throw file.damaged()
        }
        return header
    }

    private static func value<Value: Decodable>(
        of bytes: [UInt8], _ file: StateFile, _: Value.Type
    ) throws(CaptureError) -> Value {
        do { return try StateDecoder.value(of: bytes[...]) } catch { throw file.damaged() }
    }

    /// All must be of one capture, and every shard of it must be there once.
    private static func checkShards(_ parts: [(path: String, header: PartHeader)]) throws(CaptureError) {
        let first = parts[0]
        guard let all = first.header.shards else {
            guard parts.count == 1 else { throw notOfOne(first.path, parts[1].path) }
            return
        }
        var owners: [Int: String] = [:]
        for part in parts {
            guard let shards = part.header.shards, shards.run == all.run, shards.count == all.count else {
                throw notOfOne(first.path, part.path)
            }
            for number in shards.numbers {
                if let other = owners.updateValue(part.path, forKey: number) {
                    throw CaptureError("\(other) and \(part.path): both are of shard \(number)")
                }
            }
        }
        // All numbers are below the count.
        let missing = all.count - owners.count
        guard missing == 0 else {
            let first = (0..<all.count).lazy.filter { owners[$0] == nil }.prefix(10)
            let names = first.map(String.init).joined(separator: ", ") + (missing > 10 ? ", …" : "")
            throw CaptureError("parts of \(missing) of \(all.count) shards are missing: \(names)")
        }
    }

    private static func notOfOne(_ one: String, _ other: String) -> CaptureError {
        CaptureError("\(one) and \(other): not of one run of wstap shard")
    }
}

/// What a manifest says that parts must agree with.
private struct KnownManifest {
    private let run: String
    private let packets: Int
    /// How many inputs could not be read, or not to their ends.
    let unreadInputs: Int

    /// Answers `nil` where a file is something else.
    init?(path: String) throws(CaptureError) {
        guard path.split(separator: "/").last.map(String.init) == ShardManifest.fileName else { return nil }
        let text = try FolderFiles.content(of: path)
        guard let root = (try? JSONDocument(text))?.root, root["type"]?.string == "manifest",
            let run = root["run"]?.string, let packets = root["packets"]?.integer
        else { throw CaptureError("\(path): no manifest of wstap shard, or damaged", path: path) }
        self.run = run
        self.packets = packets
        unreadInputs = root["unread_inputs"]?.integer ?? 0
    }

    func check(_ parts: [PartTotals], _ shards: ShardSet?, _ path: String) throws(CaptureError) {
        guard shards.map({ ShardSection.digits($0.run) }) == run else {
            throw CaptureError("\(path): of another run of wstap shard than the parts", path: path)
        }
        let found = parts.reduce(0) { $0 &+ $1.summary.packets }
        guard found == UInt64(exactly: packets) else {
            throw CaptureError("\(path): the shards have \(packets) packets, the parts \(found)", path: path)
        }
    }
}
