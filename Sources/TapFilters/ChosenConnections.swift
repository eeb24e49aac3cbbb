/// The connections of a capture for which a filter holds at any time.
public struct ChosenConnections: Equatable, Sendable {
    /// What they were chosen by, in one way of writing.
    let expression: String
    let numbers: Set<Int>

    public init(_ numbers: Set<Int>, where expression: FilterExpression) {
        self.numbers = numbers
        self.expression = expression.description
    }
}
