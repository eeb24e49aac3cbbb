import TapCore

/// Keyed hashes under one key (RFC 2104), which is wiped when its last owner goes away. Takes no memory for a message.
package final class HMAC {
    package let function: HashFunction
    private var inner: HashState
    private var outer: HashState

    package init(_ function: HashFunction, key: RawSpan) {
        self.function = function
        var block = [UInt8](repeating: 0, count: function.blockLength)
        if key.byteCount > function.blockLength {
            var hash = HashState(function)
            hash.update(key)
            let digest = hash.finish()
            for index in 0..<function.length { block[index] = digest[index] }
        } else {
            for index in 0..<key.byteCount { block[index] = key.uint8(at: index) }
        }
        inner = HashState(function)
        outer = HashState(function)
        for index in block.indices { block[index] ^= 0x36 }
        inner.update(block.span.bytes)
        for index in block.indices { block[index] ^= 0x36 ^ 0x5C }
        outer.update(block.span.bytes)
        Secret.wipe(&block)
    }

    deinit {
        inner.wipe()
        outer.wipe()
    }

    /// A message's beginning: hash the message with it, then ``finish(_:)``.
    func begin() -> HashState { inner }

    func finish(_ message: consuming HashState) -> DigestBytes {
        let digest = message.finish()
        var hash = outer
        hash.update(digest.span.bytes.upTo(function.length))
        return hash.finish()
    }

    /// Appends the code of a message that is given in two pieces.
    package func append(codeOf first: RawSpan, _ second: RawSpan, to output: inout [UInt8]) {
        var message = begin()
        message.update(first)
        message.update(second)
        let code = finish(message)
        output.append(code.span.bytes.upTo(function.length))
    }

    /// Whether `code` is that of a message in two pieces.
    func verifies(_ code: RawSpan, of first: RawSpan, _ second: RawSpan) -> Bool {
        guard code.byteCount == function.length else { return false }
        var message = begin()
        message.update(first)
        message.update(second)
        let expected = finish(message)
        for index in 0..<function.length where expected[index] != code.uint8(at: index) { return false }
        return true
    }
}
