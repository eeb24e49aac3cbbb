/// The two directions of a flow, named by the endpoint that sends: the first of the flow's key, or the second.
@usableFromInline
package enum Direction: UInt8, Sendable {
    case fromFirst
    case fromSecond

    @inlinable package var opposite: Direction { self == .fromFirst ? .fromSecond : .fromFirst }
}
