import TapCore
import TapSources

/// Capture files: however many bytes are read at a time, the packets, what is said beside them and the error are the same,
/// and no record is longer than the limit.
enum CaptureTarget {
    private struct Reading: Equatable {
        var packets: [PacketHeader] = []
        var bytes: [UInt8] = []
        var processes: [CapturedProcess?] = []
        var error: CaptureError?

        mutating func take(_ header: PacketHeader, _ span: RawSpan, _ process: CapturedProcess?) {
            packets.append(header)
            processes.append(process)
            let name = process?.name.utf8.count ?? 1
            // A byte that is no UTF-8 becomes three.
            Property.hold((1...CapturedProcess.longestName * 3).contains(name), "the name of a process is bounded")
            Property.hold(header.number.rawValue == UInt64(packets.count), "packets are counted from 1")
            Property.hold(span.byteCount <= CaptureLimits.recordLength, "no packet is longer than the limit")
            bytes.append(span)
        }
    }

    /// A few bytes may decompress to very many.
    private static let mostBytes = 1 << 20

    static func run(_ bytes: [UInt8]) {
        let file = UnnamedFile(bytes)
        let whole = read(file.path, bufferSize: CaptureLimits.defaultBuffer)
        let pieces = read(file.path, bufferSize: 16 + bytes.count % 61)
        Property.hold(whole == pieces, "the size of the buffer changes nothing: \(whole) and \(pieces)")
        checkNames(in: file.path, bufferSize: 16 + bytes.count % 61)
    }

    /// Few of the bytes may decompress to very many, and for names files are read to their ends.
    private static func checkNames(in path: String, bufferSize: Int) {
        let (whole, pieces) = (CaptureNames(paths: [path]), CaptureNames(paths: [path], bufferSize: bufferSize))
        Property.hold(whole.names == pieces.names, "the size of the buffer changes no name")
        Property.hold(whole.warnings == pieces.warnings, "the size of the buffer changes no warning")
        for warning in whole.warnings {
            let text = Array(warning.description.utf8)
            Property.hold(TerminalCheck.harm(in: text) == nil, "a warning is safe to print")
        }
    }

    private static func read(_ path: String, bufferSize: Int) -> Reading {
        var reading = Reading()
        do throws(CaptureError) {
            var file = try CaptureFile(path: path, bufferSize: bufferSize)
            do throws(CaptureError) {
                while reading.bytes.count < mostBytes, let header = try file.next() {
                    reading.take(header, file.bytes, file.process)
                }
            } catch {
                reading.error = error
                let header = try file.next()
                Property.hold(header == nil, "nothing follows an error")
            }
        } catch {
            reading.error = error
        }
        let text = reading.error?.description ?? ""
        Property.hold(TerminalCheck.harm(in: Array(text.utf8)) == nil, "an error is safe to print: \(text)")
        return reading
    }
}
