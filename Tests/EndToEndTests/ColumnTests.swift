import Foundation
import Testing

/// Who reads records into columns needs one type for each member, whatever the record.
@Suite("Members of records as columns")
struct ColumnTests {
    @Test("a member has one type in all records of all samples")
    func types() throws {
        #expect(Wstap.allSamples.count > 500)
        let script = Wstap.project.appendingPathComponent("Tests/check-columns.py").path
        let result = try Wstap.run(
            "/usr/bin/python3", [script, Wstap.binary.path] + Wstap.allSamples.map(Wstap.sample))
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test("the schemas for Arrow and Spark are what the schema of records says")
    func schemas() throws {
        let script = Wstap.project.appendingPathComponent("scripts/make-schemas").path
        let result = try Wstap.run("/usr/bin/python3", [script, "--check"])
        #expect(result.status == 0, "\(result.errors)")
    }
}
