/// The names that capture files give to addresses: what the capturing machine knew, or made up. Nobody is asked about them.
public struct HostNames: Equatable, Sendable {
    private var names: [IPAddress: [String]] = [:]
    /// How many there are.
    private var count = 0
    /// Names that one limit or another left out.
    package private(set) var leftOut: UInt64 = 0

    /// The most names of all addresses together.
    package static let most = 65_536
    /// The most names of one address.
    package static let mostOfAddress = 8
    /// The longest name in bytes. Those of DNS have at most 253 (RFC 1035 §2.3.4); a part of a longer one would be another name.
    package static let longest = 255

    public init() {}

    /// The names of an address, in the order of the files; none where no file has any.
    public subscript(address: IPAddress) -> [String] { names.isEmpty ? [] : names[address] ?? [] }

    public var isEmpty: Bool { names.isEmpty }

    /// Takes up a name, unless it is empty or known.
    package mutating func add(_ name: RawSpan, of address: IPAddress) {
        guard name.byteCount <= HostNames.longest else {
            leftOut &+= 1
            return
        }
        if name.byteCount > 0 { add(String(decoding: name), of: address) }
    }

    private mutating func add(_ name: String, of address: IPAddress) {
        let known = names[address] ?? []
        guard !known.contains(name) else { return }
        guard count < HostNames.most, known.count < HostNames.mostOfAddress else {
            leftOut &+= 1
            return
        }
        names[address, default: []].append(name)
        count += 1
    }

    /// Adds those of another file.
    package mutating func add(_ other: HostNames) {
        for (address, texts) in other.names.sorted(by: { $0.key < $1.key }) {
            for text in texts { add(text, of: address) }
        }
        leftOut &+= other.leftOut
    }

    /// All addresses with their names, in order.
    package var all: [(address: IPAddress, names: [String])] {
        names.sorted { $0.key < $1.key }.map { (address: $0.key, names: $0.value) }
    }

    /// The same with each name changed.
    package func map(_ change: (String) -> String) -> HostNames {
        var changed = self
        changed.names = names.mapValues { $0.map(change) }
        return changed
    }
}
