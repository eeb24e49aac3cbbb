import Foundation

/// What the peers of a capture logged, as it lies beside the capture.
protocol SampleTruth: Decodable {
    /// The capture's name, without what follows the first full stop.
    var name: String { get set }
}

extension SampleTruth {
    /// Those of a folder in `samples`, by name.
    static func all(in folder: String, _ keys: JSONDecoder.KeyDecodingStrategy = .convertFromSnakeCase) -> [Self] {
        let folder = Wstap.project.appendingPathComponent("samples/\(folder)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = keys
        return names.filter { $0.hasSuffix(".truth.json") }.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)),
                var truth = try? decoder.decode(Self.self, from: data)
            else { return nil }
            truth.name = String(name.dropLast(".truth.json".count))
            return truth
        }
    }
}
