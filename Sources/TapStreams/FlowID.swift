/// A flow's place in the flow table. Places are used again after ``StreamSink/closed(_:_:)``.
@usableFromInline
package struct FlowID: Hashable, Sendable {
    @usableFromInline package let index: Int

    @inlinable package init(_ index: Int) { self.index = index }
}
