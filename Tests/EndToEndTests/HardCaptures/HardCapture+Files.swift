import TapTestSupport

extension HardCapture {
    static let files: [HardCapture] = []
}
