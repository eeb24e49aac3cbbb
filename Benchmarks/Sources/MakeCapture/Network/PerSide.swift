/// A value for each end of a conversation.
struct PerSide<Value> {
    var client: Value
    var server: Value

    subscript(side: Side) -> Value {
        get {
            switch side {
            case .client: client
            case .server: server
            }
        }
        _modify {
            switch side {
            case .client: yield &client
            case .server: yield &server
            }
        }
    }
}

extension PerSide: Sendable where Value: Sendable {}
