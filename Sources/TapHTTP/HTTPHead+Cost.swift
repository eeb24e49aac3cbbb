extension HTTPHead {
    /// What it costs to keep, about: many short fields cost more than their bytes.
    package var cost: Int {
        fields.all.reduce(512) { $0 + $1.name.utf8.count + $1.value.utf8.count + HTTPHead.fieldCost }
    }

    private static let fieldCost = 64
}
