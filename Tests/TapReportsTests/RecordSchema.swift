import Foundation

/// The part of JSON Schema that `docs/records.schema.json` uses, to check records against it.
struct RecordSchema {
    private let root: [String: Any]

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = folder.appendingPathComponent("../../docs/records.schema.json").standardized
        root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    }

    /// What is wrong with a record; empty where nothing is.
    func faults(of record: [String: Any]) -> [String] {
        guard let type = record["type"] as? String, let part = definition(type) else { return ["no such type"] }
        return faults(of: record, by: part, at: type)
    }

    private func definition(_ name: String) -> [String: Any]? {
        (root["$defs"] as? [String: Any])?[name] as? [String: Any]
    }

    private func faults(of value: Any, by schema: [String: Any], at path: String) -> [String] {
        if let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last {
            guard let part = definition(String(name)) else { return ["\(path): no \(reference)"] }
            return faults(of: value, by: part, at: path)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            let fits = choices.contains { faults(of: value, by: $0, at: path).isEmpty }
            return fits ? [] : ["\(path): none of the choices"]
        }
        var found: [String] = []
        if let constant = schema["const"], !isEqual(constant, value) { found.append("\(path): not \(constant)") }
        if let choices = schema["enum"] as? [Any], !choices.contains(where: { isEqual($0, value) }) {
            found.append("\(path): \(value) is not one of \(choices)")
        }
        if let type = schema["type"] as? String, !has(value, type) { return ["\(path): \(value) is no \(type)"] }
        if let least = (schema["minimum"] as? NSNumber)?.doubleValue, let number = number(value), number < least {
            found.append("\(path): below \(least)")
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            found.append("\(path): \(text) does not match \(pattern)")
        }
        if let items = schema["items"] as? [String: Any], let elements = value as? [Any] {
            found += elements.flatMap { faults(of: $0, by: items, at: path + "[]") }
        }
        if let members = value as? [String: Any] { found += faults(ofMembers: members, by: schema, at: path) }
        return found
    }

    private func faults(ofMembers members: [String: Any], by schema: [String: Any], at path: String) -> [String] {
        let required = schema["required"] as? [String] ?? []
        let known = schema["properties"] as? [String: [String: Any]] ?? [:]
        var found = required.filter { members[$0] == nil }.map { "\(path): no \($0)" }
        for (name, value) in members {
            if let part = known[name] ?? schema["additionalProperties"] as? [String: Any] {
                found += faults(of: value, by: part, at: "\(path).\(name)")
            } else {
                found.append("\(path): unknown \(name)")
            }
        }
        for (name, others) in schema["dependentRequired"] as? [String: [String]] ?? [:] where members[name] != nil {
            found += others.filter { members[$0] == nil }.map { "\(path): \(name) without \($0)" }
        }
        return found
    }

    private func has(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": isBoolean(value)
        case "number": number(value) != nil
        case "integer": number(value).map { $0 == $0.rounded() } ?? false
        default: false
        }
    }

    /// Foundation keeps `true` and 1 in the same class, but under another type code.
    private func isBoolean(_ value: Any) -> Bool { (value as? NSNumber).map { $0.objCType.pointee == 99 } ?? false }

    private func number(_ value: Any) -> Double? { isBoolean(value) ? nil : (value as? NSNumber)?.doubleValue }

    private func isEqual(_ one: Any, _ other: Any) -> Bool {
        isBoolean(one) == isBoolean(other) && (one as? NSObject) == (other as? NSObject)
    }
}
