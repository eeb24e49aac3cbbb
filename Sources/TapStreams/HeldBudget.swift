/// What held segments cost in all flows together, against their limit.
@usableFromInline
package struct HeldBudget {
    @usableFromInline let limits: StreamLimits
    @usableFromInline package internal(set) var used = 0

    @usableFromInline
    init(limits: StreamLimits) { self.limits = limits }

    @usableFromInline var isExhausted: Bool { used > limits.heldBytes }
}
