import Synchronization

/// Where the packets of a capture of several files stand in these. Kept as runs of packets that follow each other in one file;
/// threads may share it.
package final class PacketPlaces: Sendable, Codable {
    fileprivate struct Run: Codable {
        /// The number of the first of them in the capture.
        let first: UInt64
        let file: Int
        /// How much higher their numbers are than in the file.
        let ahead: UInt64
    }

    fileprivate struct Runs: Codable {
        var runs: [Run] = []
        var files: [String] = []
        var indices: [String: Int] = [:]
        /// The first packet for which there was no room.
        var end: UInt64?
    }

    /// Of packets behind so many runs it is not known where they stand.
    private static let limit = 1 << 20

    private let runs: Mutex<Runs>

    package init() { runs = Mutex(Runs()) }

    /// Notes a packet, whose number in the capture is higher than those before.
    package func note(_ number: PacketNumber, _ place: PacketPlace) {
        runs.withLock { runs in
            let ahead = number.rawValue &- place.number
            if let last = runs.runs.last, last.ahead == ahead, runs.files[last.file] == place.file { return }
            guard runs.runs.count < PacketPlaces.limit else {
                runs.end = runs.end ?? number.rawValue
                return
            }
            runs.runs.append(Run(first: number.rawValue, file: runs.index(of: place.file), ahead: ahead))
        }
    }

    /// Adds those of other packets of the same capture, which may lie between these.
    package func merge(_ other: PacketPlaces) {
        let others = other.runs.withLock { $0 }
        runs.withLock { runs in
            for run in others.runs where others.files.indices.contains(run.file) {
                let file = runs.index(of: others.files[run.file])
                runs.runs.append(Run(first: run.first, file: file, ahead: run.ahead))
            }
            runs.runs.sort { $0.first < $1.first }
            runs.end = [runs.end, others.end].compactMap(\.self).min()
        }
    }

    package init(from decoder: any Decoder) throws {
        runs = Mutex(try Runs(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws { try runs.withLock { $0 }.encode(to: encoder) }

    /// `nil` where it is not known.
    package subscript(number: PacketNumber) -> PacketPlace? {
        runs.withLock { runs in
            var (low, high) = (0, runs.runs.count)
            while low < high {
                let middle = (low + high) / 2
                if runs.runs[middle].first <= number.rawValue { low = middle + 1 } else { high = middle }
            }
            guard low > 0, number.rawValue < runs.end ?? .max else { return nil }
            let run = runs.runs[low - 1]
            return PacketPlace(file: runs.files[run.file], number: number.rawValue &- run.ahead)
        }
    }
}

extension PacketPlaces.Runs {
    fileprivate mutating func index(of file: String) -> Int {
        if let index = indices[file] { return index }
        indices[file] = files.count
        files.append(file)
        return files.count - 1
    }
}
