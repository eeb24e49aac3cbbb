import Foundation
import Testing

/// What the peers of a capture logged, as it lies beside the capture.
protocol SampleTruth: Decodable {
    /// The capture's name, without what follows the first full stop.
    var name: String { get set }
}

extension Wstap {
    /// Where it lies.
    /// - Parameter sample: the capture's name or path in `samples`, with or without what follows the first full stop.
    static func truthPath(_ sample: String) -> String { Wstap.sample(sample.prefix { $0 != "." } + ".truth.json") }

    /// The same without a form of its own.
    static func truth(of sample: String) throws -> [String: Any] {
        let truth = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: truthPath(sample))))
        return try #require(truth as? [String: Any])
    }
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
