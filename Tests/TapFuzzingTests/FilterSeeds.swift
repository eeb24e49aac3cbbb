/// Filters with each operator and each kind of value.
enum FilterSeeds {
    static let all = filters.map { name, filter in (name, Array(filter.utf8)) }

    private static let filters = [
        ("comparison", "websocket.opcode == 1 && ip.addr == 192.0.2.0/24"),
        ("negation", "not (websocket.mask or sender != client)"),
        ("list", "tcp.port in {80, 8000..8080} or client.ip in {10.0.0.1..192.0.2.9, ::1}"),
        ("text", #"lower(message.text) contains "hel\x6c\"o" or len(path) >= 5"#),
        ("pattern", #"message.text matches "^in\s(two|\w+)" and http.host ~ r"\.com$""#),
        ("bytes", "websocket.payload contains 00:ff or websocket.masking_key == 37fa213d"),
        ("seconds", "frame.time_relative > 0.0105 and frame.time_epoch < 1700000000.5"),
        ("names", "severity >= warning or finding == frame-client-unmasked or heartbeat == websocket"),
        ("mistake", "websocket.opcod == (text and 'open"),
    ]
}
