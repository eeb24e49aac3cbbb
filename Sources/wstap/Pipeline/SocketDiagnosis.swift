import Glibc
import TapCore

/// Asks the kernel for one socket by both of its ends, as sock_diag(7) has it. That takes microseconds, where the tables in /proc
/// take tens of milliseconds: these walk all that the kernel keeps places for.
final class SocketDiagnosis {
    private let descriptor: Int32

    /// `nil` where the kernel does not answer such questions.
    init?() {
        descriptor = socket(
            AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), SocketDiagnosis.diagnosis)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    private static let diagnosis: Int32 = 4
    private static let byFamily: UInt16 = 20

    /// The inode of the socket with these endpoints, or of one that listens at `own`; `nil` if absent, or if no program owns it
    /// any more.
    func inode(own: Endpoint, peer: Endpoint) -> UInt32? {
        let (source, destination) = (own.address.bytes, peer.address.bytes)
        guard source.count == destination.count else { return nil }
        // A header of netlink, and a request of inet_diag with one socket in it, whatever its state and its cookie.
        var message = SocketDiagnosis.words([72, UInt32(SocketDiagnosis.byFamily) | 1 << 16, 0, 0])
        message += [UInt8(source.count == 4 ? AF_INET : AF_INET6), 6, 0, 0] + SocketDiagnosis.words([.max])
        for port in [own.port, peer.port] { message += [UInt8(port >> 8), UInt8(port & 0xFF)] }
        for address in [source, destination] { message += address + [UInt8](repeating: 0, count: 16 - address.count) }
        message += SocketDiagnosis.words([0, .max, .max])
        guard send(descriptor, message, message.count, 0) == message.count else { return nil }
        var answer = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &answer, answer.count, Int32(MSG_DONTWAIT))
        guard count >= 88, answer[4] == UInt8(SocketDiagnosis.byFamily) else { return nil }
        let inode = answer[84..<88].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        return inode == 0 ? nil : inode
    }

    /// Numbers in this machine's order, which is that of netlink.
    private static func words(_ numbers: [UInt32]) -> [UInt8] {
        numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }
}
