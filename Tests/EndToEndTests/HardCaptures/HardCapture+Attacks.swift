extension HardCapture {
    static let attacks: [HardCapture] = []
}
