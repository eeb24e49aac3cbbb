import TapCore

/// The names of addresses in the name resolution blocks of a pcapng file. draft-ietf-opsawg-pcapng §4.5.
final class PcapngNames {
    private(set) var names = HostNames()
    /// How many blocks have a record that does not fit into them, and where the first of them begins.
    private(set) var broken: (blocks: UInt64, first: UInt64) = (0, 0)

    /// Takes up the names in a block.
    /// - Parameters:
    ///   - bytes: the block without its last length.
    ///   - offset: where it begins in the file.
    func note(_ bytes: RawSpan, _ order: ByteOrder, at offset: UInt64) {
        // Records look as options do, and type 0 ends them, too.
        var records = PcapngOptions(at: 8, order)
        while let record = records.next(in: bytes) {
            guard let length = PcapngNames.addressLength(record.code) else { continue }
            let value = bytes.extracting(record.value)
            guard value.byteCount >= length else { return noteBroken(at: offset) }
            guard let address = IPAddress(bytes: [UInt8](value.extracting(..<length))) else { continue }
            note(namesIn: value.extracting(length...), of: address)
        }
        if records.isBroken { noteBroken(at: offset) }
    }

    /// Of records of other kinds of addresses nothing is shown.
    private static func addressLength(_ code: UInt16) -> Int? {
        switch code {
        case 1: 4
        case 2: 16
        default: nil
        }
    }

    /// Each name ends with a zero; the last one may end with the record.
    private func note(namesIn bytes: RawSpan, of address: IPAddress) {
        var start = 0
        while start < bytes.byteCount {
            let end = bytes.firstIndex(of: 0, from: start) ?? bytes.byteCount
            names.add(bytes.extracting(start..<end), of: address)
            start = end + 1
        }
    }

    private func noteBroken(at offset: UInt64) {
        if broken.blocks == 0 { broken.first = offset }
        broken.blocks += 1
    }
}
