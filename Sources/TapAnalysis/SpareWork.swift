/// Memory of ``DirectionWork`` that is not in use: of frames that take several segments, each needs some for a short while.
struct SpareWork {
    private var spares: [[DirectionWork]] = []
    /// More are not needed at the same time so soon again.
    private static let most = 16

    /// Puts work where there is none.
    mutating func put(_ work: DirectionWork, in place: inout [DirectionWork]) {
        if let spare = spares.popLast() { place = spare }
        place.append(work)
    }

    /// Takes work away that is over.
    mutating func take(from place: inout [DirectionWork]) {
        var spare: [DirectionWork] = []
        swap(&spare, &place)
        guard spares.count < SpareWork.most else { return }
        spare.removeAll(keepingCapacity: true)
        spares.append(spare)
    }
}
