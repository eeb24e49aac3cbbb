/// How many packets the kernel has seen and lost since a capture began.
public struct LiveStatistics: Equatable, Sendable {
    /// What passed the filter. On loopback Linux counts each packet twice.
    public var received: UInt64 = 0
    /// What was lost because packets were not read fast enough.
    public var droppedByKernel: UInt64 = 0
    /// What the interface or its driver lost.
    public var droppedByInterface: UInt64 = 0

    public init() {}
}
