import Foundation
import TapTestSupport

/// Which captures are made up, and where those are written that show a fault.
///
/// `WSTAP_RANDOM_CAPTURES` says which, as `count` or `first-last`; each is the same in every run. Where
/// `WSTAP_RANDOM_FOLDER` names a folder, each capture that breaks a property is written there.
enum RandomSeeds {
    private static let bounds: [Int] =
        ProcessInfo.processInfo.environment["WSTAP_RANDOM_CAPTURES"]?.split(separator: "-").compactMap { Int($0) } ?? []

    private static let shownFaults = 20

    /// - Parameter few: how many there are where nobody says which.
    static func some(_ few: Int) -> Range<Int> {
        guard let last = bounds.last else { return 0..<few }
        return bounds.count == 2 ? bounds[0]..<last + 1 : 0..<last
    }

    /// What is wrong with captures, with what repeats each; empty where all is right.
    static func faults(_ few: Int, in checked: (Int) throws -> CheckedCapture) rethrows -> String {
        var lines: [String] = []
        for seed in some(few) {
            let capture = try checked(seed)
            guard let first = capture.faults.first else { continue }
            let more = capture.faults.count > 1 ? ", and \(capture.faults.count - 1) more" : ""
            lines.append("WSTAP_RANDOM_CAPTURES=\(seed)-\(seed)\(written(capture, seed)): \(first)\(more)")
        }
        guard !lines.isEmpty else { return "" }
        return "\(lines.count) captures:\n" + lines.prefix(shownFaults).joined(separator: "\n")
    }

    private static func written(_ capture: CheckedCapture, _ seed: Int) -> String {
        guard let folder = ProcessInfo.processInfo.environment["WSTAP_RANDOM_FOLDER"] else { return "" }
        let path = "\(folder)/\(capture.property)-\(seed).pcapng"
        let file = CaptureBuilder.pcapng(capture.packets).bytes
        return FileManager.default.createFile(atPath: path, contents: Data(file))
            ? " (\(path))" : " (not written: \(path))"
    }
}

/// A capture that was made up, and in what it breaks a property.
struct CheckedCapture {
    let property: String
    let packets: [CapturedPacket]
    var faults: [String] = []

    mutating func expect(_ isRight: Bool, _ fault: @autoclosure () -> String) { if !isRight { faults.append(fault()) } }
    mutating func note(_ fault: String?, _ place: @autoclosure () -> String = "") {
        if let fault { faults.append("\(place())\(fault)") }
    }
}
