import TapCore
import TapQUIC

/// Which connection of QUIC of one part a datagram belongs to: by its endpoints, or where these are new by the ID that it begins with.
struct QUICTable: ~Copyable {
    var sessions = Slots<QUICSession?>(empty: nil)
    private var entries: [FlowKey: Entry] = [:]
    /// The endpoints of all, and the places of those that are followed, in the order in which they were opened; some are gone.
    private var order = AgeQueue<FlowKey>()
    private var followed = AgeQueue<Int32>()
    /// The places of those that are to be closed; the last one was opened first.
    private var due: [Int32] = []

    /// Who is addressed by an ID: the direction to it, of a connection that may be read.
    private var receivers: [QUICConnectionID: (place: Int32, direction: Direction)] = [:]
    /// How many IDs there are of each length.
    private var idLengths = InlineArray<21, Int>(repeating: 0)

    /// How often a secret was sought for datagrams whose endpoints are not known.
    private var searched: [FlowKey: Int] = [:]
    let search = QUICSearch()

    /// So many pairs of endpoints are searched for, each so many times.
    private static let mostSearched = 512
    private static let mostSearches = 4

    /// So many pairs of endpoints are told apart, and so many connections are followed at the same time.
    private static let mostEntries = 32_768
    private static let mostFollowed = 4_096

    enum Entry {
        case followed(Int32)
        /// One that has had other endpoints before; its directions may have other names there.
        case migrated(Int32, isSwapped: Bool)
        /// It is known what it is, and nothing more can be read of it.
        case named(Named)
    }

    /// What tells packets of a connection that is not followed from those of the next one between the same endpoints.
    struct Named {
        let client: Direction?
        /// By which the client's first packets address the server.
        let ids: [QUICConnectionID]
        /// When its latest packet came that was looked at.
        let lastSeen: Timestamp
        /// How many datagrams were checked for the start of another one.
        var looks = 0

        /// A client begins so many connections from one port at most.
        static let mostLooks = 64
    }

    subscript(key: FlowKey) -> Entry? { entries[key] }

    /// Begins to follow a connection; answers with its place.
    mutating func open(_ key: FlowKey, isForeign: Bool, in packet: PacketHeader) -> Int32 {
        let isNew = entries[key] == nil
        let place = sessions.insert(QUICSession(key, isForeign: isForeign, in: packet))
        entries[key] = .followed(place)
        followed.append(place)
        if isNew { order.append(key) }
        return place
    }

    /// Takes note of a connection that is not followed; returns whether its endpoints are new.
    mutating func skip(_ key: FlowKey, _ named: Named) -> Bool {
        guard entries[key] == nil else { return false }
        entries[key] = .named(named)
        order.append(key)
        return true
    }

    /// The connection that is to go since there are too many: the one that was opened first.
    mutating func tooMany() -> Int32? {
        while entries.count > QUICTable.mostEntries, let oldest = order.popFirst() {
            switch entries[oldest] {
            case .followed(let place):
                order.append(oldest)
                return place
            case .migrated, .named, nil: entries[oldest] = nil
            }
        }
        return followed.count > QUICTable.mostFollowed ? followed.first : nil
    }

    /// Takes a connection out; its endpoints remain known.
    mutating func remove(at place: Int32) {
        guard let session = sessions[place] else { return }
        let connection = session.connection
        if case .followed(place)? = entries[session.flow.key] {
            entries[session.flow.key] = .named(
                Named(client: connection.client, ids: connection.idsOfServer, lastSeen: connection.lastSeen))
        }
        for path in session.paths {
            if case .migrated(place, _)? = entries[path] { entries[path] = nil }
        }
        for id in session.ids { forget(id, of: place) }
        sessions.remove(at: place)
        followed.remove(place)
    }

    /// Notes a search for the secret of a datagram; returns whether to search.
    mutating func noteSearch(_ key: FlowKey) -> Bool {
        let count = searched[key] ?? 0
        guard count < QUICTable.mostSearches, count > 0 || searched.count < QUICTable.mostSearched else { return false }
        searched[key] = count + 1
        return true
    }

    /// Adds what the endpoints are dealt by of those that have not ended, or did so at a time or later: see ``FlowKey/spread``.
    func addSpreads(to spreads: inout Set<UInt64>, endedSince time: Timestamp) {
        for (key, entry) in entries {
            if case .named(let named) = entry, named.lastSeen < time { continue }
            spreads.insert(key.spread)
        }
    }

    /// Where a connection is.
    func place(of session: QUICSession) -> Int32? {
        if case .followed(let place)? = entries[session.flow.key], sessions[place] === session { return place }
        return nil
    }

    /// Notes a check whether another connection begins; returns whether to make it.
    mutating func noteLook(_ key: FlowKey) -> Bool {
        guard case .named(var named)? = entries[key], named.looks < Named.mostLooks else { return false }
        named.looks += 1
        entries[key] = .named(named)
        return true
    }

    // MARK: Migration

    /// A receiver of a connection is addressed by an ID.
    mutating func add(_ id: QUICConnectionID, to direction: Direction, at place: Int32) {
        guard let session = sessions[place], id.count > 0, receivers[id] == nil else { return }
        receivers[id] = (place, direction)
        idLengths[id.count] += 1
        if let oldest = session.add(id) { forget(oldest, of: place) }
    }

    private mutating func forget(_ id: QUICConnectionID, of place: Int32) {
        guard let receiver = receivers[id], receiver.place == place else { return }
        receivers[id] = nil
        idLengths[id.count] -= 1
    }

    /// The connection that a packet of unknown endpoints belongs to by the ID with which its short header begins: RFC 9000 §5.2.
    mutating func migrated(
        _ payload: RawSpan, _ key: FlowKey, _ direction: Direction
    ) -> (place: Int32, isSwapped: Bool)? {
        for length in 1...QUICConnectionID.longest where idLengths[length] > 0 && payload.byteCount > length {
            guard let id = QUICConnectionID(payload.extracting(1..<1 + length)), let receiver = receivers[id],
                let session = sessions[receiver.place], session.add(key)
            else { continue }
            let isSwapped = receiver.direction != direction
            entries[key] = .migrated(receiver.place, isSwapped: isSwapped)
            order.append(key)
            return (receiver.place, isSwapped)
        }
        return nil
    }

    // MARK: Closing

    /// The packet that opened the next connection that is to be closed.
    var nextDue: PacketNumber? { due.last.flatMap { sessions[$0]?.openedIn } }

    mutating func takeNextDue() -> Int32? { due.popLast() }

    /// Looks which of them were silent for too long, or at the end of the capture takes all.
    mutating func findDue(_ isDue: (QUICConnection) -> Bool) {
        var found: [(place: Int32, opening: PacketNumber)] = []
        for place in sessions.places {
            if let connection = sessions[place]?.connection, isDue(connection) {
                found.append((place, connection.first.number))
            }
        }
        due = found.sorted { $0.opening > $1.opening }.map(\.place)
    }
}

/// Elements in the order in which they came, each once.
struct AgeQueue<Element: Hashable> {
    private var elements: [Element?] = []
    private var places: [Element: Int] = [:]
    private var head = 0

    var count: Int { places.count }

    var first: Element? {
        mutating get {
            while head < elements.count, elements[head] == nil { head += 1 }
            return head < elements.count ? elements[head] : nil
        }
    }

    mutating func append(_ element: Element) {
        remove(element)
        if elements.count > 2 * places.count + AgeQueue.slack { compact() }
        places[element] = elements.count
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard let element = first else { return nil }
        remove(element)
        return element
    }

    mutating func remove(_ element: Element) {
        guard let place = places.removeValue(forKey: element) else { return }
        elements[place] = nil
    }

    private static var slack: Int { 64 }

    private mutating func compact() {
        elements = elements[head...].filter { $0 != nil }
        head = 0
        for (place, element) in elements.enumerated() { if let element { places[element] = place } }
    }
}
