import Foundation

/// A live capture that runs beside the test.
final class LiveRun {
    private let process = Process()
    private let output: String
    private let errors: String

    /// Starts it, and returns when it listens.
    init(_ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]) throws {
        output = try folder.file("live.output", Data())
        errors = try folder.file("live.errors", Data())
        process.executableURL = Wstap.binary
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        while process.isRunning, !(try read(errors).contains("listening")) { usleep(10_000) }
    }

    var isRunning: Bool { process.isRunning }

    /// What it has said on standard error so far.
    func said() throws -> String { try read(errors) }

    /// Sends a signal, and does not wait for what comes of it.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until something is so, for half a minute at most.
    func await(_ isSo: (LiveRun) throws -> Bool) throws {
        for _ in 0..<3_000 where process.isRunning {
            if try isSo(self) { return }
            usleep(10_000)
        }
    }

    /// What it has written so far.
    func written() throws -> String { try read(output) }

    /// What the system says of the running process.
    func status() throws -> [String: String] {
        let path = "/proc/\(process.processIdentifier)/status"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        return Dictionary(
            lines.compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.count == 2
                    ? (String(parts[0]), parts[1].split(whereSeparator: \.isWhitespace).joined(separator: " ")) : nil
            }, uniquingKeysWith: { $1 })
    }

    /// Presses Ctrl-C, or sends another signal that ends it. What the kernel has captured by then is still read.
    func stop(by signal: Int32 = SIGINT) throws -> Wstap.Result {
        kill(process.processIdentifier, signal)
        return try wait()
    }

    /// Holds the program up, as a busy machine does.
    func pause() { kill(process.processIdentifier, SIGSTOP) }

    /// Interrupts the program where it is held up, and lets it go on.
    func interruptAndGoOn() {
        process.interrupt()
        kill(process.processIdentifier, SIGCONT)
    }

    func wait() throws -> Wstap.Result {
        process.waitUntilExit()
        return try Wstap.Result(status: process.terminationStatus, output: output, errors: errors)
    }

    private func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
