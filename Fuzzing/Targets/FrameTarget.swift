import TapCore
import TapTestSupport
import TapWebSocket

/// Frames: where their stream is cut never changes them, bytes missing inside a payload change no header, and text is UTF-8
/// exactly where the standard library says so.
///
/// The input is where to cut, a hole, and the stream.
enum FrameTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let places = input.places()
        let (holeStart, holeLength) = (input.number(), Int(input.byte()))
        let stream = input.rest()
        let whole = FrameDecoder.decoded([stream])
        let single = FrameDecoder.decoded(FuzzInput.single(stream))
        let cut = FrameDecoder.decoded(FuzzInput.pieces(of: stream, at: places))
        Property.hold(whole == single, "frames read byte by byte are the same: \(whole) and \(single)")
        Property.hold(whole == cut, "frames cut anywhere are the same: \(whole) and \(cut)")
        checkHole(in: stream, from: holeStart % (stream.count + 1), holeLength, headers(whole))
        for case .frame(let header, let payload, _) in whole {
            checkText(payload, header.maskingKey, places)
            _ = CloseBody(payload)
        }
    }

    private static func headers(_ decoded: [Decoded]) -> [FrameHeader] {
        decoded.map { item in
            switch item {
            case .frame(let header, _, _), .lost(let header): header
            }
        }
    }

    private static func checkHole(in stream: [UInt8], from start: Int, _ length: Int, _ expected: [FrameHeader]) {
        let end = min(start + length, stream.count)
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        decoder.decode(Array(stream[..<start]), into: &decoded)
        guard decoder.skip(end - start) == .inPayload else {
            return Property.hold(decoder.isLost, "a hole that is not in a payload loses sync")
        }
        decoder.decode(Array(stream[end...]), into: &decoded)
        Property.hold(headers(decoded) == expected, "a hole in a payload changes no header: \(decoded)")
    }

    private static func checkText(_ payload: [UInt8], _ key: UInt32, _ places: [Int]) {
        var text: [UInt8] = []
        Masking.append(payload.span.bytes, key: key, phase: 0, to: &text)
        Property.hold(text == FrameBytes.masked(payload, key: key), "unmasking by words is that by bytes")
        let whole = fault(in: [payload], key)
        Property.hold(
            (whole == nil) == (String(validating: text, as: UTF8.self) != nil), "\(text) is UTF-8, or it is not")
        Property.hold(whole == fault(in: FuzzInput.single(payload), key), "a fault is found byte by byte in \(text)")
        let pieces = FuzzInput.pieces(of: payload, at: places)
        Property.hold(whole == fault(in: pieces, key), "a fault is found in the pieces of \(text)")
    }

    private static func fault(in pieces: [[UInt8]], _ key: UInt32) -> UInt64? {
        var check = UTF8Check()
        var phase: UInt64 = 0
        for piece in pieces {
            check.receive(piece.span.bytes, key: key, phase: phase)
            phase += UInt64(piece.count)
        }
        check.finish()
        return check.fault
    }
}
