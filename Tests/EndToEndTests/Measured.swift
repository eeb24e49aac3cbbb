import Foundation
import Testing

/// A run of the binary with what it cost.
struct Measured {
    let result: Wstap.Result
    /// Seconds of processor time.
    let time: Double
    /// The most memory that it had, in bytes.
    let peak: Int

    init(_ arguments: [String]) throws {
        let script = """
            import resource, subprocess, sys
            status = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode
            usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, file=sys.stderr)
            sys.exit(status)
            """
        result = try Wstap.run("/usr/bin/python3", ["-c", script, Wstap.binary.path] + arguments)
        let numbers = result.errors.split(whereSeparator: \.isWhitespace)
        time = try #require(numbers.first.flatMap { Double($0) })
        peak = try #require(numbers.last.flatMap { Int($0) })
    }
}
