import TapCore

/// Writes JSON into a buffer, with the commas where they belong. A member whose value is `nil` is left out.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    /// What addresses are called, as far as that is to be told.
    var names = HostNames()
    /// Where the capture comes from.
    var origin = CaptureOrigin() { didSet { hasOrigin = origin.isKnown } }
    /// Whether there is something to say of that.
    private(set) var hasOrigin = false
    private var second = SecondText()

    /// Appends to `output` what `body` writes, without a copy.
    package static func append(to output: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.exchange(with: &output)
        body(&writer)
        writer.exchange(with: &output)
    }

    /// Takes what was written so far, so that the rest is appended to it, or gives it back.
    mutating func exchange(with output: inout [UInt8]) { swap(&output, &bytes) }

    mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
    }

    mutating func beginObject(_ name: StaticString) {
        key(name)
        bytes.append(UInt8(ascii: "{"))
    }

    mutating func beginArray(_ name: StaticString) {
        key(name)
        bytes.append(UInt8(ascii: "["))
    }

    mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    mutating func endObject() { bytes.append(UInt8(ascii: "}")) }

    /// Adds to the record that was written last where the capture comes from.
    /// - Parameter packet: which one it is about; then it says in which file that was, or on which interface.
    mutating func addOrigin(of packet: PacketNumber?) {
        bytes.removeLast()
        if let place = packet.flatMap({ origin.places?[$0] }) {
            member("file", place.file)
            member("file_packet", place.number)
        }
        member("interface", packet.flatMap { origin.interfaces?[$0] })
        if !origin.labels.isEmpty { write(origin.labels) }
        endObject()
    }

    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, _ texts: some Sequence<String>) {
        key(name)
        list(texts)
    }

    mutating func member(_ name: StaticString, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        key(name)
        self.number(UInt64(clamping: number))
    }

    mutating func member(_ name: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        key(name)
        raw(flag ? "true" : "false")
    }

    mutating func member(_ name: StaticString, _ time: Timestamp?) {
        guard let time else { return }
        key(name)
        writeTimed(atMost: TimeText.lengthRFC3339 + 2) { output, second in
            output.append("\"")
            second.append(time, to: &output)
            output.append("\"")
        }
    }

    mutating func member(_ name: StaticString, seconds nanoseconds: Int64) {
        key(name)
        write(atMost: 21) { TimeText.appendSeconds(nanoseconds, to: &$0) }
    }

    mutating func member(_ name: StaticString, signed number: Int) {
        key(name)
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        self.number(UInt64(number.magnitude))
    }

    /// Milliseconds with as many decimals as they need; what is too long for a number is the longest that it holds.
    mutating func member(_ name: StaticString, milliseconds nanoseconds: Int64) {
        let (thousandfold, overflow) = nanoseconds.multipliedReportingOverflow(by: 1_000)
        member(name, seconds: overflow ? (nanoseconds < 0 ? .min : .max) : thousandfold)
    }

    mutating func member(_ name: StaticString, base64 content: RawSpan) {
        key(name)
        bytes.append(UInt8(ascii: "\""))
        Base64.append(content, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// - Parameter text: valid UTF-8.
    mutating func member(_ name: StaticString, text: RawSpan) {
        key(name)
        string(text)
    }

    /// The name of a member whose value is written next.
    mutating func key(_ name: String) {
        separate()
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func list(_ texts: some Sequence<String>) {
        bytes.append(UInt8(ascii: "["))
        for text in texts {
            separate()
            string(text)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func member(_ name: StaticString, _ numbers: [Int]) {
        beginArray(name)
        for number in numbers {
            separate()
            self.number(UInt64(clamping: number))
        }
        endArray()
    }

    // Like `key`, what is written in hundreds of places is compiled once: here, in `string` and in `raw`.
    @inline(never)
    mutating func number(_ number: UInt64) { write(atMost: 20) { $0.append(decimal: number) } }

    @inline(never)
    mutating func string(_ text: String) {
        let content = text.utf8
        string(content.span.bytes)
    }

    /// Text that is JSON already, or stands between values.
    @inline(never)
    mutating func raw(_ text: StaticString) { write(atMost: text.utf8CodeUnitCount) { $0.append(text) } }

    /// JSON that was written before, as it is.
    mutating func append(_ json: [UInt8]) { bytes += json }

    /// JSON whose length is bounded, written at once.
    mutating func write(atMost length: Int, _ body: (inout ByteCursor) -> Void) {
        ByteCursor.append(length + ByteCursor.slack, to: &bytes, body)
    }

    /// The same with times in it.
    mutating func writeTimed(atMost length: Int, _ body: (inout ByteCursor, inout SecondText) -> Void) {
        var second = second
        write(atMost: length) { body(&$0, &second) }
        self.second = second
    }

    mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    private mutating func string(_ text: RawSpan) {
        bytes.append(UInt8(ascii: "\""))
        JSONText.append(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    // Written out at each of some hundred places, it would be much of what there is to compile.
    @inline(never)
    private mutating func key(_ name: StaticString) {
        separate()
        write(atMost: name.utf8CodeUnitCount + 3) { output in
            output.append("\"")
            output.append(name)
            output.append("\":")
        }
    }

    /// A comma belongs before each value but the first: where something other than an opening bracket or a name stands
    /// before.
    mutating func separate() {
        switch bytes.last {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"), nil: break
        default: bytes.append(UInt8(ascii: ","))
        }
    }
}
