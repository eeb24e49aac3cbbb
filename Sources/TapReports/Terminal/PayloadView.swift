import TapAnalysis
import TapWebSocket

/// A payload as people want to see it: a close frame as its code and reason, text as text, all else as bytes.
enum PayloadView {
    case sentence(String)
    case text(ArraySlice<UInt8>, isCut: Bool)
    case bytes(ArraySlice<UInt8>, isCut: Bool)

    /// - Parameter inflated: what the payload inflates to; empty where it does not.
    init(_ frame: Frame, _ payload: ArraySlice<UInt8>, inflated: ArraySlice<UInt8> = []) {
        let isCut = UInt64(payload.count) < frame.header.payloadLength
        if let close = frame.close {
            self = .sentence(close.sentence)
        } else if frame.isInflatedToNothing {
            self = .text([], isCut: false)
        } else if !inflated.isEmpty {
            let isCut = UInt64(inflated.count) < frame.inflatedLength
            let isText =
                frame.header.opcode == .text || frame.header.opcode != .binary && PayloadView.looksLikeText(inflated)
            self = isText ? .text(inflated, isCut: isCut) : .bytes(inflated, isCut: isCut)
        } else if PayloadView.isText(frame, payload) {
            self = .text(payload, isCut: isCut)
        } else {
            self = .bytes(payload, isCut: isCut)
        }
    }

    init(_ message: Message, _ payload: ArraySlice<UInt8>) {
        let isCut = UInt64(payload.count) < message.length
        let isText = message.kind == .text || message.kind == .continuation && PayloadView.looksLikeText(payload)
        self = isText ? .text(payload, isCut: isCut) : .bytes(payload, isCut: isCut)
    }

    /// Text frames are text, however broken, unless an extension has changed them; the others where they look like it.
    private static func isText(_ frame: Frame, _ payload: ArraySlice<UInt8>) -> Bool {
        guard frame.header.reservedBits == 0 else { return false }
        switch frame.header.opcode {
        case .text: return true
        case .binary: return false
        default: return looksLikeText(payload)
        }
    }

    /// Whether a payload is UTF-8 without controls. A fragment may begin and end inside a character.
    private static func looksLikeText(_ payload: ArraySlice<UInt8>) -> Bool {
        let whole = payload.drop { $0 & 0xC0 == 0x80 }
        return payload.count - whole.count < 4 && UTF8Text.validLength(of: whole, isCut: true) != nil
            && !UTF8Text.hasControls(whole)
    }
}

extension CloseBody {
    /// `1000 normal closure “bye”`.
    var sentence: String {
        guard let code else { return "no code" }
        return "\(code.rawValue) \(code.name)" + (reason.isEmpty ? "" : " “\(reason)”")
    }
}
