extension HTTPHead {
    /// What it costs to keep, about.
    package var cost: Int { 512 + fields.cost }
}
