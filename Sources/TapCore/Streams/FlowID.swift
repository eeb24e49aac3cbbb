/// A flow's place in the flow table of its part. Places are used again after ``StreamSink/closed(_:_:)``.
@usableFromInline
package struct FlowID: Hashable, Sendable {
    @usableFromInline package let index: Int
    /// Which part of all connections it belongs to: one table is for one.
    @usableFromInline package let part: Int

    /// The part of the connections that the flow is of, or that which carries it: behind the parts themselves, others repeat
    /// them.
    @inlinable package var shard: Int { part & (FlowKey.parts &- 1) }

    @inlinable
    package init(_ index: Int, part: Int = 0) {
        self.index = index
        self.part = part
    }
}
