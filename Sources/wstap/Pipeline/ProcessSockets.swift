import Glibc
import TapCore
import TapSources

/// The sockets of a program and of those that it starts, as far as they were seen: /proc says which they have now.
final class ProcessSockets {
    private let root: pid_t
    private let diagnosis = SocketDiagnosis()
    private var endpoints: Set<Endpoint> = []
    /// Connections that were theirs when they were opened.
    private var connections: Set<FlowKey> = []

    /// Of more, those that are still open count alone.
    private static let mostConnections = 65_536

    init(of root: pid_t) { self.root = root }

    /// Takes note of a connection that is being opened, if one of its ends is theirs. The server's is that of its listening socket.
    func note(_ client: Endpoint, _ server: Endpoint) {
        // Others may use the same ports later.
        guard isOwn(client, server) else {
            _ = connections.remove(FlowKey(client, server))
            return
        }
        if connections.count < ProcessSockets.mostConnections { connections.insert(FlowKey(client, server)) }
    }

    private func isOwn(_ client: Endpoint, _ server: Endpoint) -> Bool {
        guard let diagnosis else { return false }
        let found = [(client, server), (server, client)].compactMap { diagnosis.inode(own: $0, peer: $1) }
        return !found.isEmpty
            && family.contains { !ProcessSockets.inodes(of: $0).isDisjoint(with: found.map(String.init)) }
    }

    /// Whether one end of a connection is theirs.
    func contain(_ client: Endpoint, _ server: Endpoint) -> Bool {
        if connections.contains(FlowKey(client, server)) || isOwn(client, server) { return true }
        look()
        return [client, server].contains { end in
            endpoints.contains(end)
                || ProcessSockets.anyAddresses.contains { endpoints.contains(Endpoint(address: $0, port: end.port)) }
        }
    }

    private static let anyAddresses = [IPAddress(ipv4: 0), IPAddress(ipv6: 0, 0)]

    /// Whether one must look all the time, since the kernel tells of no single socket.
    var needsLooks: Bool { diagnosis == nil }

    /// Takes note of the sockets that there are now.
    func look() {
        var inodes: Set<String> = []
        for process in family { inodes.formUnion(ProcessSockets.inodes(of: process)) }
        guard !inodes.isEmpty else { return }
        for table in ["tcp", "tcp6"] {
            for line in ProcessSockets.text("/proc/\(root)/net/\(table)").split(separator: "\n").dropFirst() {
                let words = line.split(separator: " ")
                guard words.count > 9, inodes.contains(String(words[9])), let end = ProcessSockets.endpoint(words[1])
                else { continue }
                endpoints.insert(end)
            }
        }
    }

    /// The program, and all that came from it.
    private var family: [pid_t] {
        var found = [root]
        var place = 0
        while place < found.count, found.count < ProcessSockets.mostProcesses {
            let threads = FolderNames.all(in: "/proc/\(found[place])/task")
            for thread in threads {
                let children = ProcessSockets.text("/proc/\(found[place])/task/\(thread)/children")
                found += children.split(separator: " ").compactMap { pid_t($0) }
            }
            place += 1
        }
        return found
    }

    private static let mostProcesses = 256

    private static func inodes(of process: pid_t) -> Set<String> {
        Set(
            FolderNames.all(in: "/proc/\(process)/fd").compactMap { name in
                var target = [CChar](repeating: 0, count: 64)
                let count = readlink("/proc/\(process)/fd/\(name)", &target, target.count - 1)
                guard count > 0 else { return nil }
                let text = String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return text.hasPrefix("socket:[") ? String(text.dropFirst(8).dropLast()) : nil
            })
    }

    /// `0100007F:1F90`: the address in words of this machine's byte order, and the port.
    private static func endpoint(_ text: Substring) -> Endpoint? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
        var bytes: [UInt8] = []
        var digits = parts[0]
        while !digits.isEmpty {
            guard let word = UInt32(digits.prefix(8), radix: 16) else { return nil }
            withUnsafeBytes(of: word) { bytes += $0 }
            digits = digits.dropFirst(8)
        }
        return mapped(bytes).map { Endpoint(address: $0, port: port) }
    }

    /// An IPv4 address that a socket of IPv6 has is one of IPv4 on the wire.
    private static func mapped(_ bytes: [UInt8]) -> IPAddress? {
        let prefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return IPAddress(bytes: bytes.starts(with: prefix) ? Array(bytes.dropFirst(12)) : bytes)
    }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, file)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
        }
    }
}
