/// The kinds of capture that can be made.
enum CaptureKind: String, CaseIterable {
    case chat
    case bulk
    case noise
    case deflate
    case churn
    case idle

    var scenario: any Scenario {
        switch self {
        case .chat: ChatScenario(compresses: false)
        case .bulk: BulkScenario()
        case .noise: NoiseScenario()
        case .deflate: ChatScenario(compresses: true)
        case .churn: ChurnScenario()
        case .idle: IdleScenario()
        }
    }
}
