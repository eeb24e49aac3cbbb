import CNGHTTP3
import TapCore
import TapHTTP2

/// Decodes the field sections that one peer sends, and what it inserts into its table of fields. RFC 9204.
package final class FieldSectionDecoder {
    private let decoder: OpaquePointer
    /// Whether what was inserted into the table is known.
    package private(set) var isTableKnown = true

    package enum Outcome {
        case decoded
        /// What was inserted into the table is not all there.
        case blocked
        /// It is no field section, or refers to what is not known.
        case failed
    }

    /// - Parameter tableBytes: how large the receiver allows the table to be. RFC 9204 §3.2.3.
    package init?(tableBytes: Int) {
        var created: OpaquePointer?
        guard nghttp3_qpack_decoder_new(&created, tableBytes, Self.mostBlocked, nghttp3_mem_default()) == 0,
            let created
        else { return nil }
        decoder = created
    }

    deinit { nghttp3_qpack_decoder_del(decoder) }

    private static let mostBlocked = 1 << 16

    /// Takes what the peer sends on its encoder stream.
    package func insert(_ bytes: RawSpan) {
        guard isTableKnown else { return }
        let read = bytes.withUnsafeBytes { bytes in
            nghttp3_qpack_decoder_read_encoder(
                decoder, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        }
        if read < 0 { isTableKnown = false }
        drain()
    }

    /// Insertions are missing: what refers to the table cannot be decoded any more.
    package func loseTable() { isTableKnown = false }

    /// Decodes a whole section.
    package func decode(_ section: RawSpan, of stream: UInt64, into fields: inout FieldBlock) -> Outcome {
        // One that refers to no insertion begins with a zero: RFC 9204 §4.5.1.
        guard section.byteCount > 0, isTableKnown || section.uint8(at: 0) == 0 else { return .failed }
        var context: OpaquePointer?
        guard nghttp3_qpack_stream_context_new(&context, Int64(clamping: stream), nghttp3_mem_default()) == 0,
            let context
        else { return .failed }
        defer {
            nghttp3_qpack_stream_context_del(context)
            drain()
        }
        return section.withUnsafeBytes { decode($0, context, into: &fields) }
    }

    private func decode(
        _ section: UnsafeRawBufferPointer, _ context: OpaquePointer, into fields: inout FieldBlock
    ) -> Outcome {
        var offset = 0
        while true {
            var field = nghttp3_qpack_nv()
            var flags: UInt8 = 0
            let rest = UnsafeRawBufferPointer(rebasing: section[offset...]).assumingMemoryBound(to: UInt8.self)
            let count = nghttp3_qpack_decoder_read_request(
                decoder, context, &field, &flags, rest.baseAddress, rest.count, 1)
            guard count >= 0 else { return .failed }
            offset += count
            if flags & UInt8(NGHTTP3_QPACK_DECODE_FLAG_BLOCKED) != 0 { return isTableKnown ? .blocked : .failed }
            if flags & UInt8(NGHTTP3_QPACK_DECODE_FLAG_EMIT) != 0 {
                let (name, value) = (nghttp3_rcbuf_get_buf(field.name), nghttp3_rcbuf_get_buf(field.value))
                fields.append(
                    name: UnsafeRawBufferPointer(start: name.base, count: name.len).bytes,
                    value: UnsafeRawBufferPointer(start: value.base, count: value.len).bytes, isNameKnown: true)
                nghttp3_rcbuf_decref(field.name)
                nghttp3_rcbuf_decref(field.value)
            }
            if flags & UInt8(NGHTTP3_QPACK_DECODE_FLAG_FINAL) != 0 { return .decoded }
            if count == 0, flags == 0 { return .failed }
        }
    }

    /// Throws away what a receiver would answer, which would grow.
    private func drain() {
        let count = nghttp3_qpack_decoder_get_decoder_streamlen(decoder)
        guard count > 0 else { return }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { room in
            guard let start = room.baseAddress else { return }
            var buffer = nghttp3_buf(begin: start, end: start + count, pos: start, last: start)
            nghttp3_qpack_decoder_write_decoder(decoder, &buffer)
        }
    }
}
