import CToml

/// Puts together what the parser tells of a TOML file.
final class TOMLReader {
    /// A mistake in the file, with its place counted from 1.
    struct Mistake: Error {
        let line: Int
        let column: Int
        let description: String
    }

    /// A table or list that has not ended, with what is in it so far.
    private struct Container {
        let key: String
        let isList: Bool
        var items: [(key: String, value: TOMLValue)] = []

        var value: TOMLValue { isList ? .list(items.map(\.value)) : .table(items) }
    }

    private var open = [Container(key: "", isList: false)]
    private var mistake: Mistake?

    private init() {}

    /// What is in the table that a file is, in the order of its keys.
    static func items(in document: String) throws(Mistake) -> [(key: String, value: TOMLValue)] {
        let reader = TOMLReader()
        var document = document
        document.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                ctoml_read(
                    ctoml_text(start: bytes.baseAddress, length: bytes.count),
                    Unmanaged.passUnretained(reader).toOpaque(),
                    { context, item in TOMLReader.reader(context)?.take(item) },
                    { context, mistake in TOMLReader.reader(context)?.take(mistake) })
            }
        }
        if let mistake = reader.mistake { throw mistake }
        return reader.open[0].items
    }

    private static func reader(_ context: UnsafeMutableRawPointer?) -> TOMLReader? {
        context.map { Unmanaged<TOMLReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private func take(_ item: UnsafePointer<ctoml_item>?) {
        guard let item = item?.pointee else { return }
        let key = TOMLReader.text(item.key)
        switch item.kind {
        case CTOML_TEXT: add(key, .text(TOMLReader.text(item.text)))
        case CTOML_INTEGER: add(key, .integer(item.integer))
        case CTOML_REAL: add(key, .real(item.real))
        case CTOML_FLAG: add(key, .flag(item.flag))
        case CTOML_LIST, CTOML_TABLE: open.append(Container(key: key, isList: item.kind == CTOML_LIST))
        case CTOML_END:
            let container = open.removeLast()
            add(container.key, container.value)
        case _: add(key, .other)
        }
    }

    private func take(_ mistake: UnsafePointer<ctoml_mistake>?) {
        guard let mistake = mistake?.pointee else { return }
        self.mistake = Mistake(
            line: Int(mistake.line), column: Int(mistake.column), description: TOMLReader.text(mistake.description))
    }

    private func add(_ key: String, _ value: TOMLValue) { open[open.count - 1].items.append((key, value)) }

    private static func text(_ text: ctoml_text) -> String {
        let bytes = UnsafeRawBufferPointer(start: text.start, count: text.length)
        return String(decoding: bytes, as: UTF8.self)
    }
}
