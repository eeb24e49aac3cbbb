import ArgumentParser
import TapSources

extension CaptureFilter {
    /// The filter that the user wants; one that is not valid is wrong usage, told in libpcap's own words.
    static func checked(_ expression: String?) throws -> CaptureFilter? {
        guard let expression else { return nil }
        do {
            return try CaptureFilter(expression)
        } catch {
            StandardError.say(error.description)
            throw ExitCode.usage
        }
    }
}
