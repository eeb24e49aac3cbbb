import ArgumentParser
import TapCore

/// The file of `-w`.
enum KeptPackets {
    /// Standard output is the report's.
    static func check(_ path: String?) throws {
        guard let path, ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path) else { return }
        throw ValidationError(
            "-w keeps packets in a file, beside the report on standard output; to a pipe they go with tcpdump -w - or dumpcap -w -"
        )
    }
}

/// The interfaces of `-i`.
enum InterfaceNames {
    static func check(_ names: [String]) throws {
        guard names.count <= PacketInterfaces.limit else {
            throw ValidationError("-i: \(PacketInterfaces.limit) interfaces at most")
        }
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw ValidationError("-i \(name) was given twice")
        }
    }
}

/// What is captured, how long, and as whom: what the commands that capture have in common.
struct LiveArguments: ParsableArguments {
    @Option(
        name: [.customShort("i", allowingJoined: true), .long],
        help: ArgumentHelp(
            "The interface; of several, packets are merged by time. `wstap interfaces` lists them.",
            valueName: "interface"
        ), completion: InterfacesCommand.completion)
    var interface: [String] = []

    @Option(
        name: [.customShort("f", allowingJoined: true), .long],
        help: ArgumentHelp("A pcap filter, as in “tcp port 8080”.", valueName: "bpf"))
    var captureFilter: String?

    @Option(
        help: ArgumentHelp(
            "Go on as this user once what needs rights is open (default: who ran sudo).", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("Stop after this time.", valueName: "seconds"))
    var duration: Double?

    func validate() throws {
        try InterfaceNames.check(interface)
        if let duration, !(duration > 0 && duration <= 1e9) { throw ValidationError("--duration must be positive") }
    }
}
