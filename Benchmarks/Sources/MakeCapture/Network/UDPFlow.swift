/// Two endpoints that send each other UDP datagrams.
struct UDPFlow {
    private let client: Endpoint
    private let server: Endpoint
    private var identifications = PerSide(client: UInt16(0), server: 0)

    init(from client: Endpoint, to server: Endpoint) {
        self.client = client
        self.server = server
    }

    mutating func send(_ payload: [UInt8], from side: Side, in wire: inout Wire) {
        let datagram = UDPDatagram(
            source: side == .client ? client : server,
            destination: side == .client ? server : client,
            identification: identifications[side]
        )
        identifications[side] &+= 1
        wire.transmit(datagram, payload: payload)
    }
}
