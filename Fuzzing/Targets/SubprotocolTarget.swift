import TapCore
import TapSubprotocols
import TapWebSocket

/// What peers say to each other, read as any protocol: secrets lie in their message, limits hold, and findings are about
/// messages that there were.
///
/// The input is the protocol, and then messages: a byte of flags, two for the length, and the payload.
enum SubprotocolTarget {
    private static let targets = [
        "/", "/socket.io/?EIO=4&transport=websocket", "/socket.io/?EIO=3&transport=websocket", "/a/123/abcd/websocket",
        "/socket/websocket?vsn=2.0.0", "/app/key?protocol=7", "/devtools/page/1", "/api/kernels/1/channels", "/ws",
        "/portforward",
    ]

    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let context = context(input.byte(), input.byte())
        var limits = ApplicationLimits()
        limits.openRequests = 4
        limits.itemsPerMessage = 16
        var conversation = ApplicationConversation(context, limits: limits)
        var room = ApplicationRoom()
        var output = ApplicationOutput()
        var (number, time) = (0, Timestamp(nanoseconds: 0))
        while !input.isEmpty {
            let flags = input.byte()
            let payload = input.take(Int(input.number() & 0x0FFF))
            if flags & 4 != 0 { conversation.lose(flags & 8 == 0 ? .client : .server, room: &room) }
            number += 1
            // Now and then a clock steps back.
            time.nanoseconds &+= (Int64(flags >> 4) - 1) * 400_000_000
            let message = ApplicationMessage(
                number: number, sender: flags & 1 == 0 ? .client : .server, isText: flags & 2 == 0, firstTime: time,
                time: time)
            output.removeAll()
            let span = payload.span.bytes
            conversation.receive(span, message, room: &room, into: &output)
            check(output, payload, number, limits)
            Property.hold((0...4).contains(room.openRequests), "open requests keep to their limit: \(room)")
            checkJSON(payload)
        }
        output.removeAll()
        let pending = conversation.finish(at: time, isClosed: true, room: &room, into: &output)
        Property.hold(pending.count <= limits.openRequests, "what is pending keeps to the limit")
        Property.hold(room.openRequests == 0, "nothing is open in the end")
    }

    private static func context(_ protocols: UInt8, _ target: UInt8) -> ApplicationContext {
        let all = ApplicationProtocol.allCases
        let chosen = Int(protocols) < all.count ? all[Int(protocols)] : nil
        // Those that have it in several encodings tell by the subprotocol.
        let subprotocols = [
            nil, "wamp.2.msgpack", "wamp.2.cbor.batched", "wamp.2.json.batched", "v5.channel.k8s.io",
            "v4.base64.channel.k8s.io", "v1.kernel.websocket.jupyter.org", "graphql-ws",
        ]
        return ApplicationContext(
            subprotocol: subprotocols[Int(target) / 16 % subprotocols.count],
            target: targets[Int(target) % 16 % targets.count], chosen: chosen)
    }

    private static func check(
        _ output: ApplicationOutput, _ payload: [UInt8], _ number: Int, _ limits: ApplicationLimits
    ) {
        Property.hold(output.items.count <= limits.itemsPerMessage, "items keep to their limit")
        for item in output.items {
            Property.hold(!item.kind.isEmpty && !item.summary.isEmpty, "an item says something: \(item)")
            for secret in item.secrets {
                Property.hold(
                    secret.lowerBound >= 0 && secret.upperBound <= payload.count,
                    "a secret lies in its message: \(item)")
            }
            if let answer = item.answer {
                Property.hold((1...number).contains(answer.message), "what is answered was said: \(item)")
            }
        }
        for finding in output.findings {
            Property.hold((1...number).contains(finding.message ?? number), "a finding is about a message: \(finding)")
        }
    }

    private static func checkJSON(_ payload: [UInt8]) {
        guard String(validating: payload, as: UTF8.self) != nil else { return }
        let isRead = (try? JSONDocument(payload)) != nil
        Property.hold(isRead == JSONCheck.isValue(payload), "\(payload) is JSON, or it is not")
    }
}
