extension FrameHeader {
    /// The header as it was sent, 2 to 14 bytes.
    public var bytes: [UInt8] {
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        let lengthSize = length - (isMasked ? 4 : 0) - 2
        let short: UInt8 =
            switch lengthSize {
            case 2: 126
            case 8: 127
            default: UInt8(truncatingIfNeeded: payloadLength)
            }
        let lengthBytes = (0..<lengthSize).reversed().map {
            UInt8(truncatingIfNeeded: payloadLength >> (UInt64($0) * 8))
        }
        let key = isMasked ? (0..<4).reversed().map { UInt8(truncatingIfNeeded: maskingKey >> (UInt32($0) * 8)) } : []
        return [firstByte, maskBit | short] + lengthBytes + key
    }
}
