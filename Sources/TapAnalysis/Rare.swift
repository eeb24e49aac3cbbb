/// A value that few have: if absent, it takes no more room than a reference, and no more time to copy.
@propertyWrapper
struct Rare<Value> {
    private final class Box {
        var value: Value?

        init(_ value: Value?) { self.value = value }

        /// Comparing the value with `nil` would copy it.
        var isEmpty: Bool { if case .none = value { true } else { false } }
    }

    private var box: Box?

    init() {}

    /// Whether there is one.
    var projectedValue: Bool { box != nil }

    var wrappedValue: Value? {
        get { box?.value }
        _modify {
            // Whoever holds it in a name first holds a second reference, and copies all that it has with each change.
            if isKnownUniquelyReferenced(&box), let box {
                defer { if box.isEmpty { self.box = nil } }
                yield &box.value
            } else {
                // There is none yet, or a copy has the same one.
                var value = box?.value
                defer { box = value.map { Box($0) } }
                yield &value
            }
        }
    }
}
