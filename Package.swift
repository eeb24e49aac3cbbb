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
                "WebSocketTap", "TapCore", "TapSources", "TapTransport", "TapWebSocket", "TapSecurity",
                "TapSubprotocols", "TapAnalysis", "TapFilters", "TapRedaction", "TapReports",
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
        // Both static, for the same reason as libcrypto below.
        .systemLibrary(name: "CLzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // Static: a shared libcrypto costs more at every start than all that is asked of it. What needs a provider (EVP)
        // sets itself up when it is first used, so that a start without TLS pays nothing.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPcre2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CCBOR", pkgConfig: "libcbor", providers: [.apt(["libcbor-dev"])]),
        // Static, as libcrypto: of them only the decoders of header blocks and field sections are used.
        .systemLibrary(name: "CNGHTTP2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CNGHTTP3", providers: [.apt(["libnghttp3-dev"])]),
        // In C++, since toml++ is. Debian has its headers in libtomlplusplus-dev.
        .target(name: "CToml", cxxSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "TapCore", dependencies: ["COpenSSL"], swiftSettings: lifetimes),
        .target(
            name: "TapSources",
            dependencies: ["CPcap", "CZlib", "CZstd", "CLz4", "CLzma", "CBzip2", "CPrefetch", "TapCore"],
            swiftSettings: lifetimes),
        .target(name: "TapSecurity", dependencies: ["COpenSSL", "TapCore"], swiftSettings: lifetimes),
        .target(name: "TapQUIC", dependencies: ["TapCore", "TapSecurity"], swiftSettings: lifetimes),
        .target(name: "TapTransport", dependencies: ["TapCore"], swiftSettings: strict),
        .target(name: "TapHTTP", dependencies: ["TapCore"], swiftSettings: strict),
        .target(
            name: "TapHTTP2", dependencies: ["CNGHTTP2", "TapCore", "TapHTTP"], swiftSettings: lifetimes),
        .target(
            name: "TapHTTP3", dependencies: ["CNGHTTP3", "TapCore", "TapHTTP", "TapHTTP2", "TapWebSocket"],
            swiftSettings: lifetimes),
        .target(
            name: "TapWebSocket",
            dependencies: ["TapCore", "TapHTTP", "CZlib"],
            swiftSettings: strict),
        .target(
            name: "TapSubprotocols", dependencies: ["CCBOR", "TapCore", "TapWebSocket"], swiftSettings: strict),
        .target(
            name: "TapAnalysis",
            dependencies: [
                "TapCore", "TapTransport", "TapHTTP", "TapHTTP2", "TapHTTP3", "TapQUIC", "TapWebSocket", "TapSecurity",
                "TapSubprotocols",
            ],
            swiftSettings: strict),
        .target(
            name: "TapReports",
            dependencies: [
                "TapCore", "TapTransport", "TapHTTP", "TapWebSocket", "TapSecurity", "TapSubprotocols", "TapAnalysis",
            ],
            swiftSettings: strict),
        .target(
            name: "TapRedaction",
            dependencies: ["TapCore", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis"],
            swiftSettings: strict),
        .target(
            name: "TapDatabase",
            dependencies: [
                "CSQLite", "TapCore", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis", "TapReports",
            ],
            swiftSettings: strict),
        .target(
            name: "TapFilters",
            dependencies: ["CPcre2", "TapCore", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis"],
            swiftSettings: strict),
        .target(
            name: "WebSocketTap",
            dependencies: [
                "TapCore", "TapSources", "TapTransport", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis",
                "TapFilters", "TapRedaction", "TapReports",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "wstap",
            dependencies: [
                "CToml", "TapCore", "TapSources", "TapTransport", "TapWebSocket", "TapSecurity", "TapSubprotocols",
                "TapAnalysis",
                "TapReports", "TapDatabase", "TapFilters", "TapRedaction",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        // The program in the library's documentation: as anybody's, it sees only what is public.
        .executableTarget(
            name: "decode-frames", dependencies: ["WebSocketTap"],
            path: "Examples/decode-frames", packageAccess: false, swiftSettings: strict),
        .target(
            name: "TapTestSupport",
            dependencies: [
                "COpenSSL", "CZlib", "TapCore", "TapSecurity", "TapTransport", "TapHTTP", "TapWebSocket", "TapAnalysis",
            ],
            path: "Tests/TapTestSupport", swiftSettings: strict),
        .target(
            name: "TapFuzzing",
            dependencies: [
                "TapCore", "TapSecurity", "TapSources", "TapTransport", "TapHTTP", "TapHTTP2", "TapHTTP3", "TapQUIC",
                "TapWebSocket", "TapSubprotocols", "TapAnalysis", "TapFilters", "TapRedaction", "TapReports",
                "TapTestSupport",
            ],
            path: "Fuzzing/Targets", swiftSettings: lifetimes),
        .testTarget(name: "TapCoreTests", dependencies: ["TapCore", "TapTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TapSourcesTests", dependencies: ["CPcap", "TapCore", "TapSources", "TapTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TapSecurityTests", dependencies: ["TapCore", "TapSecurity", "TapTestSupport"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "TapTransportTests", dependencies: ["TapCore", "TapTransport", "TapWebSocket", "TapTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TapHTTPTests", dependencies: ["TapCore", "TapHTTP", "TapTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TapHTTP2Tests",
            dependencies: [
                "TapCore", "TapSecurity", "TapSources", "TapTransport", "TapHTTP", "TapHTTP2", "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TapHTTP3Tests",
            dependencies: ["TapCore", "TapHTTP2", "TapHTTP3", "TapTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TapQUICTests", dependencies: ["TapCore", "TapSecurity", "TapQUIC", "TapTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TapWebSocketTests", dependencies: ["TapCore", "TapHTTP", "TapWebSocket", "TapTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TapSubprotocolsTests",
            dependencies: [
                "TapCore", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis", "TapSources", "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TapAnalysisTests",
            dependencies: [
                "TapCore", "TapTransport", "TapHTTP", "TapWebSocket", "TapSecurity", "TapSubprotocols", "TapAnalysis",
                "TapSources",
                "TapTestSupport",
            ],
            exclude: ["Autobahn/README.md"], swiftSettings: strict),
        .testTarget(
            name: "TapReportsTests",
            dependencies: [
                "TapCore", "TapSecurity", "TapTransport", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis",
                "TapReports",
                "TapRedaction", "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TapRedactionTests",
            dependencies: [
                "TapCore", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis", "TapRedaction",
                "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TapFiltersTests",
            dependencies: [
                "TapCore", "TapTransport", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapAnalysis", "TapFilters",
                "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TapFuzzingTests",
            dependencies: [
                "TapCore", "TapTransport", "TapHTTP", "TapWebSocket", "TapSubprotocols", "TapReports", "TapFuzzing",
                "TapTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "wstap", "decode-frames", "TapCore", "TapSecurity", "TapTransport", "TapHTTP", "TapWebSocket",
                "TapAnalysis", "TapReports", "TapSources", "TapFuzzing", "TapTestSupport",
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
