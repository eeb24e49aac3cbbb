import TapAnalysis
import TapCore
import TapTestSupport
import Testing

@Suite("Community ID")
struct CommunityIDTests {
    struct Row: Sendable {
        let one: Endpoint
        let other: Endpoint
        let text: String
    }

    /// From the baseline of the Community ID specification.
    static let rows = [
        Row(
            one: Endpoint("128.232.110.120", 34_855), other: Endpoint("66.35.250.204", 80),
            text: "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        Row(
            one: Endpoint("2001:470:e5bf:dead:4957:2174:e82c:4887", 63_943),
            other: Endpoint("2607:f8b0:400c:c03::1a", 25), text: "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="),
    ]

    @Test("a connection has the text that every tool gives it, from either side", arguments: rows)
    func published(_ row: Row) {
        #expect(CommunityID.text(row.one, row.other) == row.text)
        #expect(CommunityID.text(row.other, row.one) == row.text)
    }

    @Test("between ports of one address, the smaller port comes first")
    func sameAddress() {
        let (one, other) = (Endpoint("10.0.0.1", 80), Endpoint("10.0.0.1", 8_080))
        #expect(CommunityID.text(one, other) == CommunityID.text(other, one))
        #expect(CommunityID.text(one, other) == "1:NYInnG4ZqIZG6i/y2qSwXnS92RI=")
    }
}
