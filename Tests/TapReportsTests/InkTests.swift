import Foundation
import TapReports
import Testing

@Suite("Colours of connections")
struct InkTests {
    @Test("can be read on white and on black", arguments: Ink.connectionColors)
    func contrast(color: Int) {
        let light = InkTests.luminance(color)
        #expect(1.05 / (light + 0.05) >= 3.4 && (light + 0.05) / 0.05 >= 3.4)
    }

    /// The relative luminance of a colour of the cube of 6 × 6 × 6. WCAG 2.1.
    private static func luminance(_ color: Int) -> Double {
        let levels = [0.0, 95, 135, 175, 215, 255]
        let parts = [(color - 16) / 36, (color - 16) / 6 % 6, (color - 16) % 6].map { levels[$0] / 255 }
        let linear = parts.map { $0 <= 0.03928 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
}
