import Glibc
import TapSources

/// Answers requests for metrics beside the capture. It never waits for anybody: whoever is slow gets the rest at the next look.
final class MetricsServer {
    /// Somebody who asks.
    private final class Client {
        let descriptor: Int32
        let since = ContinuousClock.now
        var request = MetricsRequest()
        var answer: [UInt8] = []
        var sent = 0

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }
    }

    /// Those who are served at once; who comes then waits.
    private static let clientLimit = 16
    /// How long one of them may take.
    private static let patience = Duration.seconds(10)

    private let listener: Int32
    private var clients: [Client] = []
    /// What asks for metrics.
    let location: String

    init(_ address: ListeningAddress) throws(CaptureError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var (found, reason): (Int32, String) = (-1, "")
        // Of all addresses those of IPv6 hold those of IPv4 as well, where there is IPv6.
        for host in address.host.map({ [$0] }) ?? ["::", "0.0.0.0"] where found < 0 {
            var list: UnsafeMutablePointer<addrinfo>?
            let status = getaddrinfo(host, "\(address.port)", &hints, &list)
            if status != 0 { reason = String(cString: gai_strerror(status)) }
            var place = status == 0 ? list : nil
            while let candidate = place, found < 0 {
                found = MetricsServer.listen(at: candidate.pointee)
                if found < 0 { reason = String(cString: strerror(errno)) }
                place = candidate.pointee.ai_next
            }
            if let list { freeaddrinfo(list) }
        }
        let host = address.host.map { $0.contains(":") ? "[\($0)]" : $0 } ?? ""
        guard found >= 0 else {
            throw CaptureError("cannot listen on \(host):\(address.port) (--metrics): \(reason)")
        }
        listener = found
        location =
            "http://\(host.isEmpty ? "localhost" : host):\(MetricsServer.port(of: found) ?? address.port)/metrics"
    }

    deinit { close(listener) }

    private static func listen(at address: addrinfo) -> Int32 {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, address.ai_socktype | flags, address.ai_protocol)
        guard descriptor >= 0 else { return -1 }
        var (yes, no): (Int32, Int32) = (1, 0)
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        if address.ai_family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &no, size) }
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0,
            Glibc.listen(descriptor, Int32(clientLimit)) == 0
        else {
            let error = errno
            close(descriptor)
            errno = error
            return -1
        }
        return descriptor
    }

    /// The port that the system has chosen, where it was to choose one.
    private static func port(of descriptor: Int32) -> UInt16? {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard getsockname(descriptor, generic, &size) == 0 else { return nil }
                // The port lies at the same place in addresses of both families.
                return generic.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
    }

    /// What there is to wait for.
    var descriptors: [Int32] {
        let waiting = clients.filter { !$0.request.isComplete }.map(\.descriptor)
        return (clients.count < MetricsServer.clientLimit ? [listener] : []) + waiting
    }

    /// Takes what has come, and answers whether there is something to answer.
    func isAsked() -> Bool {
        while clients.count < MetricsServer.clientLimit {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            clients.append(Client(descriptor))
        }
        guard !clients.isEmpty else { return false }
        let now = ContinuousClock.now
        clients = clients.filter { receive(from: $0) && now - $0.since < MetricsServer.patience }
        return clients.contains(where: \.request.isComplete)
    }

    /// Sends as much of the answers as there is room for now.
    /// - Parameter text: makes the answer to a request.
    func answer(_ text: (MetricsRequest) -> [UInt8]) {
        for client in clients where client.request.isComplete && client.answer.isEmpty {
            client.answer = text(client.request)
        }
        clients = clients.filter { send(to: $0) }
    }

    /// Answers whether there is more to do.
    private func receive(from client: Client) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !client.request.isComplete {
            let count = recv(client.descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
            client.request.receive(buffer[..<count])
        }
        return true
    }

    /// Answers whether there is more to do.
    private func send(to client: Client) -> Bool {
        guard client.request.isComplete else { return true }
        while client.sent < client.answer.count {
            let count = client.answer[client.sent...].withUnsafeBytes {
                Glibc.send(client.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
            client.sent += count
        }
        return false
    }
}
