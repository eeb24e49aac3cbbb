import COpenSSL
import TapCore

/// Key material. It never changes, and is wiped when the last that lies in the same memory is not needed any more.
package struct Secret: Equatable, Sendable {
    private let memory: SecretMemory
    private let start: UInt32
    private let length: UInt32

    package init(copying bytes: RawSpan) {
        let memory = SecretMemory(byteCount: bytes.byteCount)
        memory.write(bytes, at: 0)
        self.init(in: memory, at: 0, count: bytes.byteCount)
    }

    /// Takes the bytes of an array, and wipes them there.
    package init(wiping bytes: inout [UInt8]) {
        self.init(copying: bytes.span.bytes)
        Secret.wipe(&bytes)
    }

    init(in memory: SecretMemory, at start: Int, count: Int) {
        self.memory = memory
        self.start = UInt32(start)
        length = UInt32(count)
    }

    package var count: Int { Int(length) }

    package var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get {
            _overrideLifetime(
                RawSpan(_unsafeBytes: memory.bytes(from: Int(start), count: Int(length))), borrowing: self)
        }
    }

    /// Overwrites an array's bytes with zeros, and empties it.
    package static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        bytes.removeAll()
    }
}

/// Memory that is wiped before it is given back. What is written once never changes, so threads may share that.
final class SecretMemory: Equatable, @unchecked Sendable {
    private let storage: UnsafeMutableRawBufferPointer

    init(byteCount: Int) { storage = .allocate(byteCount: byteCount, alignment: 8) }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    static func == (left: SecretMemory, right: SecretMemory) -> Bool { left === right }

    func write(_ bytes: RawSpan, at start: Int) {
        let room = UnsafeMutableRawBufferPointer(rebasing: storage[start...])
        bytes.withUnsafeBytes { room.copyMemory(from: $0) }
    }

    func bytes(from start: Int, count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage[start..<start + count])
    }
}
