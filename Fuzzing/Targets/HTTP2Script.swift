import TapCore
import TapHTTP2
import TapTestSupport

/// What happens on an HTTP/2 connection, so that a fuzzer gets behind the lengths of frames and the tables of fields.
enum HTTP2Script {
    enum Step {
        case bytes(Direction, [UInt8])
        case missing(Direction, Int)
        case end(Direction)

        var bytes: [UInt8] { if case .bytes(_, let bytes) = self { bytes } else { [] } }
    }

    /// What a connection gives.
    enum Item: Equatable {
        case data(HTTP2StreamID, Direction, [UInt8])
        case missed(HTTP2StreamID, Direction, HTTP2Loss)
        case event(HTTP2Event, Direction)
    }

    /// - Parameter begins: whether both directions begin as they must.
    static func steps(of input: inout FuzzInput, begins: Bool) -> [Step] {
        var steps: [Step] = []
        if begins {
            steps.append(.bytes(.fromFirst, HTTP2Bytes.preface + HTTP2Bytes.settings()))
            steps.append(.bytes(.fromSecond, HTTP2Bytes.settings([(8, 1)]) + HTTP2Bytes.acknowledgement))
            steps.append(.bytes(.fromFirst, HTTP2Bytes.acknowledgement))
        }
        var encoders = [HTTP2FieldEncoder(), HTTP2FieldEncoder()]
        while !input.isEmpty, steps.count < 256 {
            let head = input.byte()
            let direction: Direction = head & 0x80 == 0 ? .fromFirst : .fromSecond
            switch head & 7 {
            case 0: steps.append(.bytes(direction, input.take(Int(input.byte()))))
            case 1:
                let (type, flags, stream) = (input.byte() & 0xF, input.byte(), UInt32(input.byte()))
                steps.append(
                    .bytes(direction, HTTP2Bytes.frame(type, flags, on: stream, input.take(Int(input.byte())))))
            case 2, 3:
                let block = block(&input, &encoders[Int(direction.rawValue)], isRequest: direction == .fromFirst)
                let stream = UInt32(input.byte() & 0xF)
                let cuts = head & 0x40 == 0 ? [] : [block.count / 2]
                steps.append(
                    .bytes(direction, HTTP2Bytes.headers(block, on: stream, ends: head & 0x20 != 0, cutAt: cuts)))
            case 4:
                let (stream, padding) = (UInt32(input.byte() & 0xF), head & 0x40 == 0 ? nil : Int(input.byte()))
                let bytes = input.take(Int(input.byte()))
                steps.append(
                    .bytes(direction, HTTP2Bytes.data(bytes, on: stream, ends: head & 0x20 != 0, padding: padding)))
            case 5: steps.append(head & 0x40 == 0 ? .missing(direction, input.number() + 1) : .end(direction))
            case 6:
                let setting = UInt16(input.byte() & 0xF)
                steps.append(.bytes(direction, HTTP2Bytes.settings([(setting, UInt32(input.number()))])))
            case _:
                steps.append(.bytes(direction, cutOff(HTTP2Bytes.windowUpdate(UInt32(input.number()), on: 1), &input)))
            }
        }
        return steps
    }

    /// The beginning of a frame, or all of it.
    private static func cutOff(_ frame: [UInt8], _ input: inout FuzzInput) -> [UInt8] {
        let count = Int(input.byte())
        return count < frame.count ? Array(frame.prefix(count)) : frame
    }

    private static let request: [HTTP2FieldEncoder.Field] = [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", "/a"), (":authority", "b"),
        ("sec-websocket-version", "13"), (":method", "GET"), ("te", "gzip"), ("upgrade", "websocket"),
    ]
    private static let response: [HTTP2FieldEncoder.Field] = [
        (":status", "200"), ("sec-websocket-protocol", "chat"), (":status", "101"), (":status", "403"), ("date", "x"),
    ]

    /// A head that is right, or one of any of its fields.
    private static func block(_ input: inout FuzzInput, _ encoder: inout HTTP2FieldEncoder, isRequest: Bool) -> [UInt8]
    {
        let options = input.byte()
        let fields = isRequest ? request : response
        let form = HTTP2FieldEncoder.Form.allCases[Int(options & 3) % HTTP2FieldEncoder.Form.allCases.count]
        var block = options & 4 == 0 ? [] : encoder.resize(to: input.number())
        if options & 8 == 0 {
            block += encoder.block(Array(fields.prefix(isRequest ? 6 : 2)), form)
        } else {
            for _ in 0..<options >> 4 { block += encoder.field(fields[Int(input.byte()) % fields.count], form) }
        }
        return block
    }
}
