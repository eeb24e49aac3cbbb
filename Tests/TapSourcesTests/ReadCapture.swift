import TapCore
import TapSources
import TapTestSupport

/// All that a source gives: its packets, their numbers, and how it ended.
struct ReadCapture: Equatable {
    var packets: [PacketRecord] = []
    var numbers: [UInt64] = []
    var error: CaptureError?

    init(path: String, bufferSize: Int = 262_144) {
        do throws(CaptureError) {
            var file = try CaptureFile(path: path, bufferSize: bufferSize)
            read(&file)
        } catch {
            self.error = error
        }
    }

    init<Source: PacketSource & ~Copyable>(_ source: inout Source) { read(&source) }

    private mutating func read<Source: PacketSource & ~Copyable>(_ source: inout Source) {
        do throws(CaptureError) {
            while let header = try source.next() {
                packets.append(PacketRecord(header, source.bytes))
                numbers.append(header.number.rawValue)
            }
        } catch {
            self.error = error
        }
    }
}
