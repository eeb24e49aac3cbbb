// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "Benchmarks",
    products: [
        .executable(name: "make-capture", targets: ["MakeCapture"]),
        .executable(name: "pcap-loop", targets: ["PcapLoop"]),
        .executable(name: "inflate-loop", targets: ["InflateLoop"]),
        .executable(name: "evp-loop", targets: ["EVPLoop"]),
        .executable(name: "measure", targets: ["Measure"]),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl"])]
        ),
        .executableTarget(
            name: "MakeCapture",
            dependencies: ["COpenSSL", "CZlib"],
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]
        ),
        .executableTarget(name: "PcapLoop", linkerSettings: [.linkedLibrary("pcap")]),
        .executableTarget(name: "InflateLoop", linkerSettings: [.linkedLibrary("z")]),
        .executableTarget(name: "EVPLoop", linkerSettings: [.linkedLibrary("crypto")]),
        .executableTarget(name: "Measure"),
    ],
    swiftLanguageModes: [.v6]
)
