import TapCore

extension JSONWriter {
    /// The manifest as one object, with a line for each shard and each input.
    package mutating func write(_ manifest: ShardManifest) {
        beginObject()
        member("type", "manifest")
        member("format", 1)
        member("version", manifest.version)
        member("run", manifest.run)
        write(manifest.labels)
        write(manifest.totals)
        member("uncertain_packets", manifest.uncertainPackets)
        member("unread_inputs", manifest.inputs.count { $0.error != nil })
        beginArray("shards")
        for (number, shard) in manifest.shards.enumerated() {
            beginItem(isFirst: number == 0)
            member("file", shard.file)
            member("shard", number)
            member("size", shard.size)
            write(shard.totals)
            endObject()
        }
        endArray()
        beginArray("inputs")
        for (number, input) in manifest.inputs.enumerated() {
            beginItem(isFirst: number == 0)
            write(input)
            endObject()
        }
        endArray()
        endObject()
        raw("\n")
    }

    /// A line of its own.
    private mutating func beginItem(isFirst: Bool) {
        raw(isFirst ? "\n" : ",\n")
        beginObject()
    }

    private mutating func write(_ input: ShardManifest.Input) {
        member("path", input.path)
        if let content = input.content {
            member("size", content.length)
            member("crc64", ByteCursor.text(16) { $0.append(hex: content.checksum) })
        }
        write(input.totals)
        if let numbers = input.numbers {
            member("first_packet", numbers.lowerBound)
            member("last_packet", numbers.upperBound)
        }
        member("error", input.error)
    }

    private mutating func write(_ totals: ShardManifest.Totals) {
        member("packets", totals.packets)
        member("bytes", totals.bytes)
        member("first_time", totals.times?.lowerBound)
        member("last_time", totals.times?.upperBound)
    }

    /// Nothing where there are none.
    mutating func write(_ labels: [CaptureLabel]) {
        guard !labels.isEmpty else { return }
        beginObject("labels")
        for label in labels {
            key(label.key)
            string(label.value)
        }
        endObject()
    }
}
