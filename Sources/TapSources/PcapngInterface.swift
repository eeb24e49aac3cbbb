package import TapCore

/// What an interface description block of a pcapng file says of the packets that name it.
package struct PcapngInterface: Hashable {
    package let linkType: LinkType
    /// The most bytes of a packet that were captured; 0 where there is no limit.
    package let snapLength: Int
    package let resolution: TimestampResolution
    /// What else is said of it that does not depend on the byte order: its name, its filter, whose it is. As options.
    package private(set) var words: [UInt8] = []

    /// Options of texts and addresses: name, description, addresses, filter, operating system, hardware.
    private static let wordCodes: Set<UInt16> = [2, 3, 4, 5, 6, 7, 11, 12, 15]
    /// Bytes of them that are kept.
    private static let longestWords = 4_096

    /// `body` is what lies between the block's two lengths, 8 bytes at least; options that it cuts short are left out.
    package init(body: RawSpan, _ order: ByteOrder) {
        linkType = LinkType(rawValue: UInt32(body.uint16(at: 0, order)))
        snapLength = Int(body.uint32(at: 4, order))
        var code: UInt8 = 6
        var offsetSeconds: Int64 = 0
        var options = PcapngOptions(at: 8, order)
        while let option = options.next(in: body) {
            switch (option.code, option.value.count) {
            case (9, 1...): code = body.uint8(at: option.value.lowerBound)
            case (14, 8...): offsetSeconds = Int64(bitPattern: body.uint64(at: option.value.lowerBound, order))
            case (let code, 1...) where PcapngInterface.wordCodes.contains(code):
                guard words.count + option.value.count <= PcapngInterface.longestWords else { continue }
                PcapngBlocks.appendOption(code, body.extracting(option.value), to: &words)
            case (_, _): break
            }
        }
        resolution = TimestampResolution(code: code, offsetSeconds: offsetSeconds)
    }

    /// The same without its words.
    var plain: PcapngInterface {
        var plain = self
        plain.words = []
        return plain
    }
}

/// The interfaces of a section in their order. There may be millions, of which nearly all are alike.
struct PcapngInterfaces {
    private(set) var kinds: [PcapngInterface] = []
    private var placeOfKind: [PcapngInterface: UInt32] = [:]
    /// Of each interface, which kind it is.
    private var kindOfInterface: [UInt32] = []

    /// Which kind an interface is of.
    func kind(of index: Int) -> Int? { index < kindOfInterface.count ? Int(kindOfInterface[index]) : nil }

    /// Answers `false` where there are too many.
    mutating func append(_ interface: PcapngInterface) -> Bool {
        guard kindOfInterface.count < CaptureLimits.interfaces else { return false }
        // Names that there are too many of are left out.
        let interface = kinds.count < CaptureLimits.namedInterfaceKinds ? interface : interface.plain
        if let place = placeOfKind[interface] {
            kindOfInterface.append(place)
            return true
        }
        guard kinds.count < CaptureLimits.interfaceKinds else { return false }
        placeOfKind[interface] = UInt32(kinds.count)
        kindOfInterface.append(UInt32(kinds.count))
        kinds.append(interface)
        return true
    }

    mutating func removeAll() {
        kinds.removeAll(keepingCapacity: true)
        placeOfKind.removeAll(keepingCapacity: true)
        kindOfInterface.removeAll(keepingCapacity: true)
    }
}
