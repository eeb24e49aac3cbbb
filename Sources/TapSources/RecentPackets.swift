import Glibc
import Synchronization
public import TapCore

/// The latest packets of a capture, for whoever wants to keep them after all. Threads may share it.
public final class RecentPackets: Sendable {
    private struct Chunk {
        /// Blocks of pcapng.
        var blocks: [UInt8] = []
        var packets: UInt64 = 0
    }

    private struct Interface: Hashable {
        let name: String?
        let linkType: LinkType
    }

    private struct State {
        var chunks: [Chunk] = []
        var size = 0
        /// Packets that there was no room for any more.
        var gone: UInt64 = 0
        var interfaces: [Interface] = []
        var indices: [Interface: UInt32] = [:]
    }

    /// Bytes that are kept.
    private let limit: Int
    private let state = Mutex(State())
    private static let chunkSize = 1 << 20

    public init(limit: Int) { self.limit = limit }

    /// - Parameter interface: the name of the packet's interface, where that is known.
    public func note(_ header: PacketHeader, _ bytes: RawSpan, of interface: String?) {
        state.withLock { state in
            let interface = Interface(name: interface, linkType: header.linkType)
            let index = state.indices[interface] ?? UInt32(state.interfaces.count)
            if index == state.interfaces.count {
                guard index < CaptureLimits.interfaceKinds else {
                    state.gone += 1
                    return
                }
                state.interfaces.append(interface)
                state.indices[interface] = index
            }
            if state.chunks.last.map({ $0.blocks.count >= RecentPackets.chunkSize }) ?? true {
                state.chunks.append(Chunk())
            }
            let last = state.chunks.count - 1
            let before = state.chunks[last].blocks.count
            PcapngBlocks.appendPacket(
                header, bytes.upTo(CaptureLimits.recordLength), interface: index, comments: [],
                to: &state.chunks[last].blocks)
            state.chunks[last].packets += 1
            state.size += state.chunks[last].blocks.count - before
            while state.size > limit, state.chunks.count > 1 {
                let first = state.chunks.removeFirst()
                state.size -= first.blocks.count
                state.gone += first.packets
            }
        }
    }

    /// Writes them to a new file, which only its owner may read.
    /// - Returns: how many were written, and how many were gone before.
    public func write(to path: String) throws(CaptureError) -> (packets: UInt64, gone: UInt64) {
        guard access(path, F_OK) != 0 else { throw CaptureError("\(path): is there already", path: path) }
        let (chunks, interfaces, gone) = state.withLock { ($0.chunks, $0.interfaces, $0.gone) }
        var head: [UInt8] = []
        PcapngBlocks.appendSectionHeader(application: "wstap", to: &head)
        for interface in interfaces {
            guard let number = UInt16(exactly: interface.linkType.rawValue) else {
                throw CaptureError("\(path): pcapng has no room for link type \(interface.linkType.rawValue)")
            }
            PcapngBlocks.appendInterface(number, snapshotLength: 262_144, name: interface.name, to: &head)
        }
        do {
            let file = try FileDescriptor(writing: path)
            try file.write(head.span.bytes)
            for chunk in chunks { try file.write(chunk.blocks.span.bytes) }
            try file.close()
        } catch {
            throw CaptureWriter.error(path, error)
        }
        return (chunks.reduce(0) { $0 + $1.packets }, gone)
    }
}
