import TapCore

/// A datagram of UDP found in a packet. Its payload is named by its place in the packet's bytes, so that nothing is copied.
@usableFromInline
package struct UDPDatagram: Equatable, Sendable {
    /// Both endpoints, the lower one first.
    package let key: FlowKey
    package let direction: Direction
    /// Where the captured part of the payload lies in the packet.
    package let payload: Range<Int>

    package init(from source: Endpoint, to destination: Endpoint, payload: Range<Int>) {
        key = FlowKey(source, destination)
        direction = destination < source ? .fromSecond : .fromFirst
        self.payload = payload
    }
}
