import TapCore

/// The messages of handshakes.
extension TLSConnection {
    func takeMessages(
        on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        let number = direction.rawValue
        while let message = halves[number].handshake.next() {
            switch message {
            case .clientHello(let hello):
                take(hello, on: direction)
                sink.found(.clientHello(hello), on: direction, in: packet)
            case .serverHello(let hello):
                take(hello, on: direction)
                sink.found(.serverHello(hello), on: direction, in: packet)
            case .encryptedExtensions(let extensions):
                encryptedExtensions = extensions
                facts.applicationProtocol = extensions.applicationProtocol
                mayGoOn = true
                sink.found(.encryptedExtensions(extensions), on: direction, in: packet)
            case .endOfEarlyData: goOnWithHandshakeKeys(direction, context)
            case .newSessionTicket(let body):
                if serverHello?.version != .tls13 { newTicket = Self.ticket(in: body.span.bytes) }
            case .clientKeyExchange(let body): clientKeyExchange = body
            case .finished: goOnWithTrafficKeys(direction, context)
            case .keyUpdate:
                sink.found(.keyUpdate, on: direction, in: packet)
                if let next = halves[number].protection?.key.next { halves[number].protection?.change(to: next) }
            case .other: break
            }
        }
    }

    private func take(_ hello: ClientHello, on direction: TLSDirection) {
        // Another hello is the second one, after a retry request, or begins a handshake of its own.
        if !awaitsSecondHello {
            serverHello = nil
            encryptedExtensions = nil
            session = nil
            newTicket = []
        }
        client = direction
        hasDataBegun = false
        clientHello = hello
        mayGoOn = true
        clientKeyExchange = nil
        facts.serverName = hello.serverName ?? facts.serverName
        facts.clientRandom = hello.random
    }

    private func take(_ hello: ServerHello, on direction: TLSDirection) {
        client = direction.opposite
        awaitsSecondHello = hello.isRetryRequest
        facts.version = hello.version
        facts.suite = hello.suite
        if hello.isRetryRequest { return }
        serverHello = hello
        if let name = hello.applicationProtocol { facts.applicationProtocol = name }
        mayGoOn = true
    }

    private func goOnWithHandshakeKeys(_ direction: TLSDirection, _ context: TLSContext) {
        let number = direction.rawValue
        guard halves[number].protection?.epoch == .early,
            let key = trafficKey(.handshake, direction, context) ?? trafficKey(.application, direction, context)
        else { return }
        halves[number].protection = TLSHalf.Protection(key: key, epoch: .handshake)
    }

    private func goOnWithTrafficKeys(_ direction: TLSDirection, _ context: TLSContext) {
        let number = direction.rawValue
        guard halves[number].protection?.epoch == .handshake else { return }
        halves[number].isHandshakeDone = true
        if let key = trafficKey(.application, direction, context) {
            halves[number].protection = TLSHalf.Protection(key: key, epoch: .application)
            return
        }
        halves[number].protection = nil
        halves[number].stage = .clear
    }

    /// RFC 5077 §3.3: a lifetime and the ticket.
    private static func ticket(in body: RawSpan) -> [UInt8] {
        var reader = ByteReader(body)
        guard reader.skip(4), let ticket = reader.vector(lengthBytes: 2) else { return [] }
        return [UInt8](ticket)
    }
}
