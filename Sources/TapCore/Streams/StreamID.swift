/// One direction of one flow.
@usableFromInline
package struct StreamID: Hashable, Sendable {
    @usableFromInline package let flow: FlowID
    @usableFromInline package let direction: Direction

    @inlinable
    package init(_ flow: FlowID, _ direction: Direction) {
        self.flow = flow
        self.direction = direction
    }
}
