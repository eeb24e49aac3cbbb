import TapAnalysis
import TapSubprotocols

extension FilterSubject {
    /// `nil` where the field is about something else.
    func values(ofApplication field: FilterField) -> [FilterValue]? {
        guard field.isOfApplication else { return nil }
        let items = (message?.application ?? frame?.application)?.items ?? []
        return items.compactMap { item in
            switch field {
            case .appProtocol: names(item.protocol.rawValue, of: field).first
            case .appKind: .text(item.kind)
            case .appName: item.name.map { .text($0) }
            case .appID: item.id.map { .text($0) }
            case .appError: .boolean(item.error != nil)
            case .appLatency: item.answer?.latency.map { .seconds($0) }
            case .appSummary: .text(item.summary)
            default: nil
            }
        }
    }

    /// A value in a message that is JSON; without a path, all of it.
    func values(ofJSON path: [FilterOperand.Step]) -> [FilterValue] {
        guard let message, message.isWhole, message.compression != .notInflated,
            let document = try? JSONDocument(messagePayload)
        else { return [] }
        var value = document.root
        for step in path {
            let next: JSONValue? =
                switch step {
                case .member(let name): value[JSONName(name)] ?? Int(name).flatMap { value[$0] }
                case .element(let index): value[index]
                }
            guard let next else { return [] }
            value = next
        }
        return FilterValue(value).map { [$0] } ?? []
    }
}

extension FilterValue {
    /// `nil` where it is null.
    fileprivate init?(_ json: JSONValue) {
        switch json.kind {
        case .string: self = .text(json.string ?? "")
        case .number: self = .decimal(Double(String(decoding: json.text, as: UTF8.self)) ?? .infinity)
        case .boolean: self = .boolean(json.boolean ?? false)
        case .object, .array: self = .text(json.text)
        case .null: return nil
        }
    }
}
