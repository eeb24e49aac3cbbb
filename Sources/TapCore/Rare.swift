/// A value that few have: if absent, it takes no more room than a reference, and no more time to copy.
@propertyWrapper
@frozen
@usableFromInline
package struct Rare<Value> {
    @usableFromInline
    final class Box {
        @usableFromInline var value: Value?

        @inlinable
        init(_ value: Value?) { self.value = value }

        /// Comparing the value with `nil` would copy it.
        @inlinable var isEmpty: Bool { if case .none = value { true } else { false } }
    }

    @usableFromInline var box: Box?

    @inlinable
    package init() {}

    /// Whether there is one.
    @inlinable package var projectedValue: Bool { box != nil }

    @inlinable package var wrappedValue: Value? {
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
