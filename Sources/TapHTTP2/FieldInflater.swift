import CNGHTTP2
import TapCore

/// Decodes the header blocks that one peer sends. RFC 7541.
///
/// One that begins in the middle knows nothing of the dynamic table. It is filled with placeholders, the smallest entries
/// that there can be: so each index that the sender uses is one of the table, and what is inserted from now on has the index
/// that the sender gives it, since the newest entry is counted first. docs/decisions has a page on it.
package final class FieldInflater {
    private let inflater: OpaquePointer
    /// Whether it began with placeholders.
    let beganInside: Bool

    /// Where the sender's table is not known, it is taken to be this large, in bytes.
    package static let usualTable = 4_096
    /// A name that is one byte, and no value.
    private static let placeholder: [UInt8] = [0x40, 1, UInt8(ascii: "?"), 0]
    /// RFC 7541 §4.1: what an entry counts beside its name and value.
    private static let entryOverhead = 32

    /// - Parameters:
    ///   - largestTable: how large the sender may make its table, in bytes.
    ///   - placeholders: how many bytes of it are filled with placeholders; 0 where its beginning is known.
    package init?(largestTable: Int, placeholders: Int) {
        var created: OpaquePointer?
        guard nghttp2_hd_inflate_new(&created) == 0, let created else { return nil }
        inflater = created
        beganInside = placeholders > 0
        guard nghttp2_hd_inflate_change_table_size(created, max(largestTable, placeholders)) == 0,
            fill(placeholders)
        else { return nil }
    }

    deinit { nghttp2_hd_inflate_del(inflater) }

    /// How large the sender has made its table, in bytes.
    package var tableSize: Int { nghttp2_hd_inflate_get_max_dynamic_table_size(inflater) }

    /// Decodes a piece of a block. Returns `false` where it is not one: then nothing more can be decoded.
    package func decode(_ piece: RawSpan, isLast: Bool, into fields: inout FieldBlock) -> Bool {
        piece.withUnsafeBytes { decode($0, isLast) { fields.append(name: $0, value: $1, isNameKnown: $2) } }
    }

    private func decode(
        _ piece: UnsafeRawBufferPointer, _ isLast: Bool, _ emit: (RawSpan, RawSpan, Bool) -> Void
    ) -> Bool {
        var offset = 0
        while true {
            var field = nghttp2_nv()
            var flags: Int32 = 0
            let rest = piece[offset...]
            let start = UnsafeRawBufferPointer(rebasing: rest).assumingMemoryBound(to: UInt8.self)
            let count = nghttp2_hd_inflate_hd2(inflater, &field, &flags, start.baseAddress, start.count, isLast ? 1 : 0)
            guard count >= 0 else { return false }
            offset += count
            let isEmitted = flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0
            if isEmitted {
                let name = UnsafeRawBufferPointer(start: field.name, count: field.namelen)
                let value = UnsafeRawBufferPointer(start: field.value, count: field.valuelen)
                let isKnown = !beganInside || field.namelen != 1 || field.name[0] != Self.placeholder[2]
                emit(name.bytes, value.bytes, isKnown)
            }
            if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 {
                return nghttp2_hd_inflate_end_headers(inflater) == 0 && offset == piece.count
            }
            if !isEmitted { return !isLast && offset == piece.count }
        }
    }

    private func fill(_ size: Int) -> Bool {
        guard size > 0 else { return true }
        var block: [UInt8] = []
        if size != Self.usualTable {
            // RFC 7541 §6.3: the size of the table, an integer with a prefix of five bits.
            block.append(0x3F)
            var rest = size - 31
            while rest >= 128 {
                block.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            block.append(UInt8(rest))
        }
        for _ in 0..<size / (Self.entryOverhead + 1) { block += Self.placeholder }
        return block.withUnsafeBytes { decode($0, true) { _, _, _ in } }
    }
}
