import ArgumentParser
import TapReports

/// What the times in the table count from, by name or by the letters that tshark has for them.
enum TimeStyle: String, ExpressibleByArgument, CaseIterable {
    case relative, absolute, delta, epoch

    init?(argument: String) {
        guard let style = TimeStyle.allCases.first(where: { $0.rawValue == argument || $0.letter == argument }) else {
            return nil
        }
        self = style
    }

    private var letter: String { String(rawValue.prefix(1)) }

    var times: TableTimes {
        switch self {
        case .relative: .relative
        case .absolute: .absolute
        case .delta: .delta
        case .epoch: .epoch
        }
    }
}
