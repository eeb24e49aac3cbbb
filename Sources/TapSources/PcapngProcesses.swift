import TapCore

/// The processes of a section of a pcapng file that Apple's tcpdump wrote, and that of the packet which was read last.
///
/// A block for each process, of a type that is set aside for local use, and options of packets that name one by its place
/// among them, as Apple's libpcap writes them (`pcap-ng.h`).
final class PcapngProcesses {
    /// The type of their blocks, which others may use for something else.
    static let blockType: UInt32 = 0x8000_0001

    /// In order; `nil` where a block names none.
    private var processes: [CapturedProcess?] = []
    /// That of the packet which was read last.
    private(set) var present: CapturedProcess?

    /// Takes up the next process; answers `false` where it is one too many.
    /// - Parameter block: without its last length.
    func note(_ block: RawSpan, _ order: ByteOrder) -> Bool {
        let process = PcapngProcesses.process(in: block, order)
        guard processes.count < CaptureLimits.processes else { return process == nil }
        processes.append(process)
        return true
    }

    private static func process(in block: RawSpan, _ order: ByteOrder) -> CapturedProcess? {
        guard block.byteCount >= fixedLength else { return nil }
        var options = PcapngOptions(at: fixedLength, order)
        while let option = options.next(in: block) {
            guard option.code == nameCode else { continue }
            return CapturedProcess(name: block.extracting(option.value), identifier: block.uint32(at: 8, order))
        }
        return nil
    }

    /// Takes up which process a packet is of: the one on whose behalf it is, where there is one.
    /// - Parameter options: those of the packet, in the order of the file.
    func choose(by options: consuming PcapngOptions, in block: RawSpan, _ order: ByteOrder) {
        var (found, effective): (CapturedProcess?, CapturedProcess?)
        while let option = options.next(in: block) {
            guard option.value.count == 4,
                option.code == PcapngProcesses.processCode || option.code == PcapngProcesses.effectiveCode
            else { continue }
            let place = Int(block.uint32(at: option.value.lowerBound, order))
            guard place < processes.count, let process = processes[place] else { continue }
            if option.code == PcapngProcesses.effectiveCode { effective = process } else { found = process }
        }
        present = effective ?? found
    }

    /// The packet that is read now names none.
    func chooseNone() { present = nil }

    /// The length of a block up to its options, without its last length.
    private static let fixedLength = 12
    static let nameCode: UInt16 = 2
    static let processCode: UInt16 = 0x8001
    private static let effectiveCode: UInt16 = 0x8003
}
