import TapCore
import TapSources

/// Capture files: however many bytes are read at a time, the packets and the error are the same, and no record is longer
/// than the limit.
enum CaptureTarget {
    private struct Reading: Equatable {
        var packets: [PacketHeader] = []
        var bytes: [UInt8] = []
        var error: CaptureError?

        mutating func take(_ header: PacketHeader, _ span: RawSpan) {
            packets.append(header)
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
    }

    private static func read(_ path: String, bufferSize: Int) -> Reading {
        var reading = Reading()
        do throws(CaptureError) {
            var file = try CaptureFile(path: path, bufferSize: bufferSize)
            do throws(CaptureError) {
                while reading.bytes.count < mostBytes, let header = try file.next() { reading.take(header, file.bytes) }
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
