// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Fuzzing",
    products: [.executable(name: "fuzz", targets: ["Fuzz"])],
    dependencies: [.package(name: "wstap", path: "..")],
    targets: [
        .executableTarget(
            name: "Fuzz", dependencies: [.product(name: "TapFuzzing", package: "wstap")],
            swiftSettings: [
                .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
                // libFuzzer brings a `main` of its own.
                .unsafeFlags(["-parse-as-library"]),
            ])
    ],
    swiftLanguageModes: [.v6]
)
