import ArgumentParser

/// A comma-separated list of numbers from 1 on.
struct NumberList: ExpressibleByArgument {
    let numbers: Set<Int>

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = parts.compactMap { $0 }.filter { $0 > 0 }
        guard numbers.count == parts.count else { return nil }
        self.numbers = Set(numbers)
    }
}
