extension HardCapture {
    static let http: [HardCapture] = []
}
