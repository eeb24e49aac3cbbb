import Glibc
import TapCore

/// The clock on the wall, of the zone that the environment names (`TZ`).
enum LocalClock {
    /// How many seconds it is ahead of UTC at a time.
    @Sendable
    static func offset(at time: Timestamp) -> Int {
        var seconds = time_t(time.nanoseconds / 1_000_000_000)
        var civil = tm()
        return localtime_r(&seconds, &civil) == nil ? 0 : civil.tm_gmtoff
    }
}
