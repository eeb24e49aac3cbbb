/// An address and port, and the network card behind them.
struct Endpoint {
    let address: UInt32
    let port: UInt16
    let hardwareAddress: UInt64

    /// The client of conversation `number`; no two conversations share address and port.
    static func client(_ number: Int) -> Endpoint {
        let host = number % 50_000
        return Endpoint(
            address: 0x0A14_0000 + UInt32(host) + 10,
            port: UInt16(32_768 + (host * 31) % 20_000 + number / 50_000),
            hardwareAddress: 0x3C97_0E00_0000 + UInt64(host)
        )
    }

    /// One of twelve servers.
    static func server(_ number: Int, port: UInt16) -> Endpoint {
        let host = number % 12
        return Endpoint(
            address: 0xCB00_7100 + UInt32(host) + 20,
            port: port,
            hardwareAddress: 0x001B_2174_0000 + UInt64(host)
        )
    }
}
