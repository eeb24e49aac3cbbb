import TapCore

/// SETTINGS, GOAWAY, limits, and how violations are given.
extension HTTP2Connection {
    /// RFC 7540 §3.2.1: what the client's upgrade said counts as its first SETTINGS, and is not acknowledged.
    mutating func upgrade(_ client: Direction, _ settings: [UInt8]) {
        let index = Int(client.rawValue)
        // The request that asked for the upgrade is stream 1.
        highestStream = HTTP2StreamID(1)
        let bytes = settings.span.bytes
        for offset in stride(from: 0, to: bytes.byteCount - bytes.byteCount % 6, by: 6) {
            halves[index].newSettings.set(bytes.uint16(at: offset), to: bytes.uint32(at: offset + 2))
        }
        halves[index].adopt()
        if let window = halves[index].newSettings.initialWindowSize {
            halves[index].initialWindow = min(Int64(window), Self.largestWindow)
        }
    }

    mutating func set(
        _ parameter: UInt16, to value: UInt32, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if !HTTP2Recognition.isPossible(parameter, value), halves[index].isWhole {
            violate(.settingInvalid, .connection, "\(parameter): \(value)", direction, packet, &sink)
        }
        if parameter == 8, value == 0, halves[index].hasEnabledConnect, halves[index].isWhole {
            violate(.connectProtocolWithdrawn, .connection, "", direction, packet, &sink)
        }
        halves[index].newSettings.set(parameter, to: value)
    }

    mutating func endSettings(
        _ header: HTTP2FrameHeader, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if header.isAcknowledgement { return acknowledge(direction) }
        let settings = halves[index].newSettings
        halves[index].settingsFrames += 1
        halves[index].adopt()
        announce(settings.initialWindowSize, direction, packet, &sink)
        if halves[index].settingsFrames <= UInt64(limits.settings) {
            sink.found(.settings(settings), on: direction, in: packet)
        } else {
            reach(.settings, direction, packet, &sink)
        }
    }

    mutating func goAway(
        _ lastStream: HTTP2StreamID, _ code: UInt32, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let event = HTTP2Event.goAway(lastStream: lastStream, code: code)
        guard halves[index].lastGoAway != event, halves[index].goAways < Self.mostGoAways else { return }
        halves[index].goAways += 1
        halves[index].lastGoAway = event
        sink.found(event, on: direction, in: packet)
    }

    /// One says that the end is near, a second one which streams are done; more than a few say nothing new.
    private static var mostGoAways: Int { 16 }

    mutating func violate(
        _ rule: HTTP2Rule, _ stream: HTTP2StreamID, _ evidence: @autoclosure () -> String, _ direction: Direction,
        _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard violations < limits.violations else { return reach(.violations, direction, packet, &sink) }
        violations += 1
        sink.found(.violation(HTTP2Violation(rule, stream, evidence())), on: direction, in: packet)
    }

    mutating func reach(
        _ limit: HTTP2LimitKind, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard reachedLimits.insert(limit).inserted else { return }
        sink.found(.limitReached(limit), on: direction, in: packet)
    }
}

extension HTTP2Half {
    /// The parameters of a frame are those of this side.
    mutating func adopt() {
        settings.take(newSettings)
        largestTable = max(largestTable, Int(newSettings.headerTableSize ?? 0))
        if let size = newSettings.maxFrameSize, HTTP2Recognition.isPossible(5, size) {
            largestFrame = max(largestFrame, Int(size))
        }
        if newSettings.enableConnectProtocol == 1 { hasEnabledConnect = true }
    }
}

extension HTTP2Settings {
    mutating func set(_ parameter: UInt16, to value: UInt32) {
        switch parameter {
        case 1: headerTableSize = value
        case 2: enablePush = value
        case 3: maxConcurrentStreams = value
        case 4: initialWindowSize = value
        case 5: maxFrameSize = value
        case 6: maxHeaderListSize = value
        case 8: enableConnectProtocol = value
        case _: break
        }
    }

    /// Takes those that a further frame says.
    mutating func take(_ other: HTTP2Settings) {
        headerTableSize = other.headerTableSize ?? headerTableSize
        enablePush = other.enablePush ?? enablePush
        maxConcurrentStreams = other.maxConcurrentStreams ?? maxConcurrentStreams
        initialWindowSize = other.initialWindowSize ?? initialWindowSize
        maxFrameSize = other.maxFrameSize ?? maxFrameSize
        maxHeaderListSize = other.maxHeaderListSize ?? maxHeaderListSize
        enableConnectProtocol = other.enableConnectProtocol ?? enableConnectProtocol
    }
}
