import Glibc
import TapFuzzing

/// What is fuzzed: the target that the environment variable `FUZZ_TARGET` names.
enum Fuzz {
    static let target: FuzzTarget = {
        guard let name = getenv("FUZZ_TARGET"), let target = FuzzTarget(rawValue: String(cString: name)) else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            fatalError("FUZZ_TARGET must be one of \(names)")
        }
        return target
    }()
}

/// What libFuzzer calls with one input after another.
@_cdecl("LLVMFuzzerTestOneInput")
func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Fuzz.target.run([UInt8](UnsafeBufferPointer(start: start, count: count)))
    return 0
}
