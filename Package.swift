// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]
let lifetimes: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]

let package = Package(
    name: "wstap",
    products: [
        .executable(name: "wstap", targets: ["wstap"]),
        .library(
            name: "WebSocketTap",
            targets: [
                "TapBytes", "TapCapture", "TapPackets", "TapWebSocket", "TapAnalysis", "TapFilters", "TapRedaction",
                "TapReports",
            ]),
        // For the package in Fuzzing, which makes fuzzers of it.
        .library(name: "TapFuzzing", targets: ["TapFuzzing"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        .systemLibrary(name: "CPrefetch"),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CLz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // Static, and only its digests: a shared libcrypto costs more at every start than all of them.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPcre2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        // In C++, since toml++ is. Debian has its headers in libtomlplusplus-dev.
        .target(name: "CToml", cxxSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "TapBytes", dependencies: ["COpenSSL"], swiftSettings: lifetimes),
        .target(
            name: "TapCapture",
            dependencies: ["CPcap", "CZlib", "CZstd", "CLz4", "CPrefetch", "TapBytes", "TapThreads"],
            swiftSettings: lifetimes),
        .target(name: "TapThreads", swiftSettings: strict),
        .target(name: "TapPackets", dependencies: ["TapBytes"], swiftSettings: strict),
        .target(name: "TapStreams", dependencies: ["TapBytes", "TapPackets"], swiftSettings: strict),
        .target(name: "TapHTTP", dependencies: ["TapBytes"], swiftSettings: strict),
        .target(
            name: "TapWebSocket",
            dependencies: ["TapBytes", "TapHTTP", "CZlib"],
            swiftSettings: strict),
        .target(
            name: "TapAnalysis",
            dependencies: [
                "TapBytes", "TapPackets", "TapStreams", "TapHTTP", "TapWebSocket",
            ],
            swiftSettings: strict),
        .target(
            name: "TapReports",
            dependencies: [
                "TapBytes", "TapPackets", "TapHTTP", "TapWebSocket", "TapAnalysis",
            ],
            swiftSettings: strict),
        .target(
            name: "TapRedaction", dependencies: ["TapBytes", "TapHTTP", "TapWebSocket", "TapAnalysis"],
            swiftSettings: strict),
        .target(
            name: "TapDatabase",
            dependencies: [
                "CSQLite", "TapBytes", "TapPackets", "TapHTTP", "TapWebSocket", "TapAnalysis", "TapReports",
            ],
            swiftSettings: strict),
        .target(
            name: "TapFilters",
            dependencies: ["CPcre2", "TapBytes", "TapPackets", "TapHTTP", "TapWebSocket", "TapAnalysis"],
            swiftSettings: strict),
        .executableTarget(
            name: "wstap",
            dependencies: [
                "CToml", "TapBytes", "TapCapture", "TapPackets", "TapWebSocket", "TapAnalysis", "TapReports",
                "TapDatabase",
                "TapFilters", "TapRedaction", "TapThreads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        // The program in the library's documentation: as anybody's, it sees only what is public.
        .executableTarget(
            name: "decode-frames", dependencies: ["TapAnalysis", "TapCapture", "TapReports"],
            path: "Examples/decode-frames", packageAccess: false, swiftSettings: strict),
        .target(
            name: "TapTestSupport",
            dependencies: [
                "CZlib", "TapBytes", "TapPackets", "TapStreams", "TapHTTP", "TapWebSocket", "TapAnalysis",
            ],
            path: "Tests/TapTestSupport", swiftSettings: strict),
        .target(
            name: "TapFuzzing",
            dependencies: [
                "TapBytes", "TapCapture", "TapPackets", "TapStreams", "TapHTTP", "TapWebSocket", "TapAnalysis",
                "TapFilters", "TapRedaction", "TapReports", "TapTestSupport",
            ],
            path: "Fuzzing/Targets", swiftSettings: lifetimes),
        .testTarget(name: "TapBytesTests", dependencies: ["TapBytes", "TapTestSupport"], swiftSettings: strict),
        .testTarget(name: "TapThreadsTests", dependencies: ["TapThreads"], swiftSettings: strict),
        .testTarget(
            name: "TapCaptureTests", dependencies: ["CPcap", "TapBytes", "TapCapture", "TapTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TapPacketsTests", dependencies: ["TapBytes", "TapPackets", "TapTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TapStreamsTests", dependencies: ["TapBytes", "TapPackets", "TapStreams", "TapTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TapHTTPTests", dependencies: ["TapBytes", "TapHTTP", "TapTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TapWebSocketTests", dependencies: ["TapBytes", "TapHTTP", "TapWebSocket", "TapTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TapAnalysisTests",
            dependencies: [
                "TapBytes", "TapPackets", "TapStreams", "TapHTTP", "TapWebSocket", "TapAnalysis", "TapCapture",
                "TapTestSupport",
            ],
            exclude: ["Autobahn/README.md"], swiftSettings: strict),
        .testTarget(
            name: "TapReportsTests",
            dependencies: [
                "TapBytes", "TapPackets", "TapHTTP", "TapWebSocket", "TapAnalysis", "TapReports", "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TapRedactionTests",
            dependencies: ["TapBytes", "TapHTTP", "TapWebSocket", "TapAnalysis", "TapRedaction"],
            swiftSettings: strict),
        .testTarget(
            name: "TapFiltersTests",
            dependencies: [
                "TapBytes", "TapPackets", "TapHTTP", "TapWebSocket", "TapAnalysis", "TapFilters", "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TapFuzzingTests",
            dependencies: [
                "TapBytes", "TapPackets", "TapHTTP", "TapWebSocket", "TapReports", "TapFuzzing", "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "wstap", "decode-frames", "TapBytes", "TapPackets", "TapStreams", "TapHTTP", "TapWebSocket",
                "TapAnalysis", "TapReports", "TapCapture", "TapFuzzing", "TapTestSupport",
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// A sanitizer that looks at a few test targets need not have the others built: their names, with commas between them.
if let wanted = Context.environment["WSTAP_TEST_TARGETS"]?.split(separator: ",").map(String.init) {
    package.targets.removeAll { $0.type == .test && !wanted.contains($0.name) }
}

// Tests run against what users run, an optimized build; to optimize the tests, too, would take longer than they run.
for target in package.targets where target.type == .test {
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}
