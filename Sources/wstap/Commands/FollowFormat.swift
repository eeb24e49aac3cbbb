import ArgumentParser

enum FollowFormat: String, ExpressibleByArgument, CaseIterable {
    case dialogue, raw
}
