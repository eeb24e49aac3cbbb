extension HardCapture {
    static let tcp: [HardCapture] = []
}
