/// Takes out of the observations of one part of a capture what a merge needs to know of them.
package struct PartLog {
    private var tracer = PartTracer()

    package init() {}

    /// How many connections could not be compared with those of other parts.
    package var untraced: Int { tracer.dropped }

    package mutating func entries(of observations: borrowing Observations) -> PartEntries {
        PartEntries(observations, &tracer)
    }
}
