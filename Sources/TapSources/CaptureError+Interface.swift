import CPcap
import Glibc
import TapCore

extension CaptureError {
    /// Says why a capture on `interface` did not begin, and what to do about it.
    ///
    /// `status` is what `pcap_activate` answered, `reason` what libpcap says of it.
    init(interface: String, status: Int32, reason: String) {
        // Without permission libpcap does not get as far as looking for the interface.
        let names = (try? NetworkInterface.all().map(\.name)) ?? []
        if status == PCAP_ERROR_NO_SUCH_DEVICE || !names.isEmpty && !names.contains(interface) {
            self.init(noInterface: interface, among: names)
            return
        }
        switch status {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            self.init(
                "no permission to capture on \(interface): run with sudo, or grant CAP_NET_RAW once: "
                    + "sudo setcap cap_net_raw,cap_net_admin+ep \(CaptureError.executable)")
        case PCAP_ERROR_IFACE_NOT_UP:
            self.init("\(interface) is down: bring it up (sudo ip link set \(interface) up)")
        default:
            let words = reason.isEmpty ? String(cString: pcap_statustostr(status)) : reason
            self.init("cannot capture on \(interface): \(words)")
        }
    }

    init(noInterface name: String, among names: [String]) {
        var text = "there is no interface \(name)"
        if let nearest = NameDistance.nearest(to: name, among: names) { text += ": did you mean \(nearest)?" }
        self.init(text + " (there are: \(names.joined(separator: ", ")))")
    }

    /// The path of the running program, as a shell would have to be told.
    private static var executable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else { return "THIS_PROGRAM" }
        let path = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isPlain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._+-".contains($0)) }
        return isPlain ? path : "'\(path)'"
    }
}
