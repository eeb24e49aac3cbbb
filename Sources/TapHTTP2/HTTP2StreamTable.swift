/// What is known of streams, by their numbers. A frame asks for its stream several times: those that were asked for last are found
/// by the last bits of their numbers.
@usableFromInline
package struct HTTP2StreamTable<Value> {
    @usableFromInline var values: [HTTP2StreamID: Value] = [:]
    @usableFromInline var recent: [(id: HTTP2StreamID, value: Value)?] = []

    @inlinable static var mostRecent: Int { 128 }

    @inlinable package init() {}

    @inlinable package var isEmpty: Bool { values.isEmpty }
    @inlinable package var count: Int { values.count }

    /// In the order of their numbers.
    @inlinable package var inOrder: [(id: HTTP2StreamID, value: Value)] {
        values.sorted { $0.key < $1.key }.map { (id: $0.key, value: $0.value) }
    }

    /// Of those for which it holds, the one with the lowest number. Sorts nothing: every segment may ask.
    @inlinable
    package func first(where isSought: (Value) -> Bool) -> Value? {
        var first: (id: HTTP2StreamID, value: Value)?
        for (id, value) in values where isSought(value) {
            if let known = first, known.id < id { continue }
            first = (id, value)
        }
        return first?.value
    }

    /// Without a note that it was asked for.
    @inlinable package func peek(_ id: HTTP2StreamID) -> Value? { values[id] }

    @inlinable
    package subscript(id: HTTP2StreamID) -> Value? {
        mutating get {
            guard !values.isEmpty else { return nil }
            if recent.isEmpty { recent = Array(repeating: nil, count: Self.mostRecent) }
            let place = Self.place(of: id)
            if let known = recent[place], known.id == id { return known.value }
            guard let value = values[id] else { return nil }
            recent[place] = (id, value)
            return value
        }
        set {
            values[id] = newValue
            if !recent.isEmpty, recent[Self.place(of: id)]?.id == id { recent[Self.place(of: id)] = nil }
        }
    }

    @inlinable
    static func place(of id: HTTP2StreamID) -> Int { Int(id.rawValue >> 1) % mostRecent }
}
