import COpenSSL
import TapCore

/// Key material in memory of its own, which is wiped when its last owner goes away. It never changes, so threads may share it.
package final class Secret: Equatable, @unchecked Sendable {
    private let storage: UnsafeMutableRawBufferPointer

    package init(copying bytes: RawSpan) {
        storage = .allocate(byteCount: bytes.byteCount, alignment: 8)
        bytes.withUnsafeBytes { storage.copyMemory(from: $0) }
    }

    /// Takes the bytes of an array, and wipes them there.
    package convenience init(wiping bytes: inout [UInt8]) {
        self.init(copying: bytes.span.bytes)
        Secret.wipe(&bytes)
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    package var count: Int { storage.count }

    package var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get {
            _overrideLifetime(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(storage)), borrowing: self)
        }
    }

    package static func == (left: Secret, right: Secret) -> Bool { left === right }

    /// Overwrites an array's bytes with zeros, and empties it.
    package static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        bytes.removeAll()
    }
}
