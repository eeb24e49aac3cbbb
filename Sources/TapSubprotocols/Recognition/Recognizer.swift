/// Tells protocols by the agreed subprotocol, else by the path, else by a first message; never by one member of JSON alone.
enum Recognizer {
    /// What the handshake says.
    static func recognize(_ context: ApplicationContext) -> ((any Annotator)?, Recognition?) {
        if let chosen = context.chosen {
            return (annotator(of: chosen, context), Recognition(protocol: chosen, evidence: .choice))
        }
        if let subprotocol = context.subprotocol, let found = annotator(ofSubprotocol: subprotocol, context) {
            return (found, Recognition(protocol: found.protocol, evidence: .subprotocol(subprotocol)))
        }
        if let found = annotator(ofPath: context) {
            let target = context.query.isEmpty ? context.path : "\(context.path)?\(context.query)"
            return (found, Recognition(protocol: found.protocol, evidence: .path(Excerpt.text(target))))
        }
        return (nil, nil)
    }

    /// What a message says.
    static func recognize(_ first: FirstMessage) -> ((any Annotator), String)? {
        for (name, recognizes) in byMessage {
            if let reason = recognizes(first) { return (annotator(of: name, first.context), reason) }
        }
        return nil
    }

    private static let byMessage: [(ApplicationProtocol, @Sendable (FirstMessage) -> String?)] = [
        (.jsonRPC, JSONRPCAnnotator.recognizes), (.socketIO, SocketIOAnnotator.recognizes),
        (.mqtt, MQTTAnnotator.recognizes), (.graphQL, GraphQLAnnotator.recognizes), (.stomp, STOMPAnnotator.recognizes),
        (.signalR, SignalRAnnotator.recognizes), (.ocpp, OCPPAnnotator.recognizes),
        (.phoenix, PhoenixAnnotator.recognizes), (.actionCable, ActionCableAnnotator.recognizes),
        (.pusher, PusherAnnotator.recognizes), (.wamp, WAMPAnnotator.recognizes), (.cdp, CDPAnnotator.recognizes),
        (.jupyter, JupyterAnnotator.recognizes), (.webpack, ReloadAnnotator.recognizes),
        (.sip, SIPAnnotator.recognizes), (.xmpp, XMPPAnnotator.recognizes), (.amqp, AMQPAnnotator.recognizes),
        (.rfb, RFBAnnotator.recognizes),
    ]

    private static func annotator(ofSubprotocol name: String, _ context: ApplicationContext) -> (any Annotator)? {
        let found: ApplicationProtocol? =
            switch name {
            case _ where MQTTAnnotator.isSubprotocol(name): .mqtt
            case _ where STOMPAnnotator.isSubprotocol(name): .stomp
            case _ where OCPPAnnotator.isSubprotocol(name): .ocpp
            case _ where WAMPAnnotator.isSubprotocol(name): .wamp
            case _ where ActionCableAnnotator.isSubprotocol(name): .actionCable
            case _ where KubernetesAnnotator.isSubprotocol(name): .kubernetes
            case _ where ReloadAnnotator.isSubprotocol(name): .vite
            case _ where SIPAnnotator.isSubprotocol(name): .sip
            case _ where XMPPAnnotator.isSubprotocol(name): .xmpp
            case _ where AMQPAnnotator.isSubprotocol(name): .amqp
            case JupyterAnnotator.subprotocol: .jupyter
            case _ where GraphQLAnnotator.subprotocols.contains(name): .graphQL
            case _ where JSONRPCAnnotator.subprotocols.contains(name): .jsonRPC
            default: nil
            }
        return found.map { annotator(of: $0, context) }
    }

    private static func annotator(ofPath context: ApplicationContext) -> (any Annotator)? {
        let found: ApplicationProtocol? =
            switch context {
            case _ where SocketIOAnnotator.recognizes(context): .socketIO
            case _ where SockJSAnnotator.recognizes(context): .sockJS
            case _ where PhoenixAnnotator.recognizes(context): .phoenix
            case _ where PusherAnnotator.recognizes(context): .pusher
            case _ where CDPAnnotator.recognizes(context): .cdp
            case _ where JupyterAnnotator.recognizes(context): .jupyter
            default: nil
            }
        return found.map { annotator(of: $0, context) }
    }

    private static func annotator(of protocol: ApplicationProtocol, _ context: ApplicationContext) -> any Annotator {
        switch `protocol` {
        case .mqtt: MQTTAnnotator()
        case .stomp: STOMPAnnotator()
        case .socketIO: SocketIOAnnotator(context)
        case .graphQL: GraphQLAnnotator(context)
        case .jsonRPC: JSONRPCAnnotator()
        case .ocpp: OCPPAnnotator()
        case .signalR: SignalRAnnotator()
        case .sip: SIPAnnotator()
        case .xmpp: XMPPAnnotator()
        case .amqp: AMQPAnnotator()
        case .sockJS: SockJSAnnotator()
        case .wamp: WAMPAnnotator(context)
        case .phoenix: PhoenixAnnotator()
        case .actionCable: ActionCableAnnotator()
        case .pusher: PusherAnnotator()
        case .jupyter: JupyterAnnotator()
        case .kubernetes: KubernetesAnnotator(context)
        case .cdp: CDPAnnotator()
        case .vite, .webpack: ReloadAnnotator(protocol: `protocol`)
        case .rfb: RFBAnnotator()
        case .json, .messagePack, .cbor: ValueAnnotator(binaryForm: context.binaryForm)
        case .protobuf: ValueAnnotator(binaryForm: .protobuf)
        }
    }
}
