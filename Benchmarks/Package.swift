// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "Benchmarks",
    products: [
        .executable(name: "make-capture", targets: ["MakeCapture"]),
        .executable(name: "pcap-loop", targets: ["PcapLoop"]),
        .executable(name: "inflate-loop", targets: ["InflateLoop"]),
        .executable(name: "measure", targets: ["Measure"]),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        .executableTarget(
            name: "MakeCapture",
            dependencies: ["CZlib"],
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]
        ),
        .executableTarget(name: "PcapLoop", linkerSettings: [.linkedLibrary("pcap")]),
        .executableTarget(name: "InflateLoop", linkerSettings: [.linkedLibrary("z")]),
        .executableTarget(name: "Measure"),
    ],
    swiftLanguageModes: [.v6]
)
