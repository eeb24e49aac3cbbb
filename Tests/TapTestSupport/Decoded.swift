import TapCore
import TapWebSocket

/// What a decoder found, with the payload in place of its ranges: the same wherever the stream is cut.
package enum Decoded: Equatable {
    case frame(FrameHeader, payload: [UInt8], isFinished: Bool)
    case lost(FrameHeader)
}

extension FrameDecoder {
    /// Reads all of `bytes`, and adds what it found.
    package mutating func decode(_ bytes: [UInt8], into decoded: inout [Decoded]) {
        var offset = 0
        while let event = read(bytes.span.bytes, from: &offset) {
            switch event {
            case .began(let header): decoded.append(.frame(header, payload: [], isFinished: false))
            case .payload(let range): decoded.extendLast(by: Array(bytes[range]), isFinished: false)
            case .finished: decoded.extendLast(by: [], isFinished: true)
            case .lost(let header): decoded.append(.lost(header))
            }
        }
    }

    package static func decoded(_ pieces: [[UInt8]]) -> [Decoded] {
        var decoder = FrameDecoder()
        var decoded: [Decoded] = []
        for piece in pieces { decoder.decode(piece, into: &decoded) }
        return decoded
    }
}

extension [Decoded] {
    /// The payload of each whole frame, unmasked.
    package var payloads: [[UInt8]] {
        compactMap { item in
            guard case .frame(let header, let payload, isFinished: true) = item else { return nil }
            return FrameBytes.masked(payload, key: header.maskingKey)
        }
    }

    fileprivate mutating func extendLast(by bytes: [UInt8], isFinished: Bool) {
        guard case .frame(let header, let payload, isFinished: false) = popLast() else {
            preconditionFailure("payload or an end without a frame")
        }
        append(.frame(header, payload: payload + bytes, isFinished: isFinished))
    }
}
