import CCBOR

/// Reads CBOR (RFC 8949) by libcbor's streaming decoder, which allocates nothing.
package enum CBORReader {
    /// Reads the value at the scanner's offset. Throws if it is absent or incomplete.
    package static func read(_ scanner: inout ByteScanner) throws(ValueBuilder.Fault) -> StructuredValue {
        try ValueBuilder.read(&scanner, of: "CBOR", piece)
    }

    /// What the decoder has found.
    private struct Found {
        var piece: ValueBuilder.Piece?

        static func note(_ piece: ValueBuilder.Piece?, _ context: UnsafeMutableRawPointer?) {
            context?.assumingMemoryBound(to: Found.self).pointee.piece = piece
        }
    }

    /// Reads the next piece; `nil` if it is absent or incomplete.
    package static func piece(_ scanner: inout ByteScanner) -> ValueBuilder.Piece? {
        var found = Found()
        let read = withUnsafePointer(to: callbacks) { callbacks in
            withUnsafeMutablePointer(to: &found) { found in
                scanner.rest.withUnsafeBufferPointer { bytes in
                    let result = cbor_stream_decode(bytes.baseAddress, bytes.count, callbacks, found)
                    return result.status == CBOR_DECODER_FINISHED ? result.read : nil
                }
            }
        }
        guard let read, read > 0, scanner.take(read) != nil else { return nil }
        return found.piece
    }

    private static func negative(_ value: UInt64) -> StructuredValue {
        // -1 less the value.
        Int64(exactly: value).map { .integer(-1 - $0) }
            ?? .large(value == .max ? "-18446744073709551616" : "-\(value + 1)")
    }

    private static let callbacks: cbor_callbacks = {
        var callbacks = cbor_callbacks()
        callbacks.uint8 = { Found.note(.value(.integer(Int64($1))), $0) }
        callbacks.uint16 = { Found.note(.value(.integer(Int64($1))), $0) }
        callbacks.uint32 = { Found.note(.value(.integer(Int64($1))), $0) }
        callbacks.uint64 = { Found.note(.value(StructuredValue($1)), $0) }
        callbacks.negint8 = { Found.note(.value(negative(UInt64($1))), $0) }
        callbacks.negint16 = { Found.note(.value(negative(UInt64($1))), $0) }
        callbacks.negint32 = { Found.note(.value(negative(UInt64($1))), $0) }
        callbacks.negint64 = { Found.note(.value(negative($1)), $0) }
        callbacks.byte_string_start = { Found.note(.chunks, $0) }
        callbacks.byte_string = { context, start, count in
            Found.note(.value(.bytes(Array(UnsafeBufferPointer(start: start, count: count)))), context)
        }
        callbacks.string = { context, start, count in
            let bytes = UnsafeBufferPointer(start: start, count: count)
            Found.note(String(validating: bytes, as: UTF8.self).map { .value(.string($0)) }, context)
        }
        callbacks.string_start = { Found.note(.chunks, $0) }
        callbacks.indef_array_start = { Found.note(.array(nil), $0) }
        callbacks.array_start = { Found.note(.array(UInt64(UInt(bitPattern: $1))), $0) }
        callbacks.indef_map_start = { Found.note(.map(nil), $0) }
        callbacks.map_start = { Found.note(.map(UInt64(UInt(bitPattern: $1))), $0) }
        callbacks.tag = { Found.note(.tag(String($1)), $0) }
        callbacks.float2 = { Found.note(.value(.double(Double($1))), $0) }
        callbacks.float4 = { Found.note(.value(.double(Double($1))), $0) }
        callbacks.float8 = { Found.note(.value(.double($1)), $0) }
        callbacks.undefined = { Found.note(.value(.null), $0) }
        callbacks.null = { Found.note(.value(.null), $0) }
        callbacks.boolean = { Found.note(.value(.boolean($1)), $0) }
        callbacks.indef_break = { Found.note(.end, $0) }
        return callbacks
    }()
}
