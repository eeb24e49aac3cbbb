/// What stands in a TOML file. TOML 1.0.
enum TOMLValue {
    case text(String)
    case integer(Int64)
    case real(Double)
    case flag(Bool)
    case list([TOMLValue])
    case table([(key: String, value: TOMLValue)])
    /// A date or a time.
    case other
}
