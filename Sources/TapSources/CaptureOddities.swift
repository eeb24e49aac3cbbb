import TapCore

/// What is wrong with a capture file that can be read all the same: counted, to be told once when it has ended.
struct CaptureOddities {
    /// How many packets are concerned, and the first of them.
    private struct Packets {
        var count: UInt64 = 0
        var first = PacketNumber(0)

        mutating func note(_ number: PacketNumber) {
            if count == 0 { first = number }
            count += 1
        }
    }

    /// Packets that were shorter on the wire, as the file has it, than what was captured of them.
    private var overlong = Packets()
    /// Packets that are earlier than the one before them, and the longest step back in nanoseconds.
    private var earlier = Packets()
    private var longestStep: Int64 = 0

    @inline(never)
    mutating func noteOverlong(_ number: PacketNumber) { overlong.note(number) }

    /// - Parameter step: nanoseconds, above 0.
    @inline(never)
    mutating func noteStepBack(_ number: PacketNumber, by step: Int64) {
        earlier.note(number)
        longestStep = max(longestStep, step)
    }

    /// A sentence for each kind of what is wrong.
    /// - Parameters:
    ///   - brokenOptions: how many blocks have an option that does not fit into them, and where the first begins.
    ///   - processesLeftOut: how many processes are too many for their section of the file.
    func sentences(brokenOptions: (blocks: UInt64, first: UInt64), processesLeftOut: UInt64) -> [String] {
        var sentences: [String] = []
        if overlong.count > 0 {
            sentences.append(
                "damaged: \(CaptureOddities.packets(overlong)) hold more bytes than the original length in their "
                    + "headers; what is there was read")
        }
        if brokenOptions.blocks > 0 {
            let blocks = brokenOptions.blocks == 1 ? "1 block has" : "\(brokenOptions.blocks) blocks have"
            sentences.append(
                "damaged at byte \(brokenOptions.first): \(blocks) an option that is longer than its block; "
                    + "such options and those behind them were left out")
        }
        if processesLeftOut > 0 {
            let processes = processesLeftOut == 1 ? "1 process is" : "\(processesLeftOut) processes are"
            sentences.append(
                "a limit is reached: \(processes) beyond the first \(CaptureLimits.processes) of a section; the packets of "
                    + "these are told without a process")
        }
        if earlier.count > 0 {
            let seconds = Double(longestStep) / 1e9
            sentences.append(
                "times step back before \(CaptureOddities.packets(earlier)), by \(seconds) s at most; "
                    + "durations across such a step are not known")
        }
        return sentences
    }

    /// `1 packet (4)`, `22 packets (the first is 1)`.
    private static func packets(_ packets: Packets) -> String {
        packets.count == 1
            ? "1 packet (\(packets.first.rawValue))"
            : "\(packets.count) packets (the first is \(packets.first.rawValue))"
    }
}
