public import TapCore

/// The names that pcapng files give addresses, wherever in the files they stand: they are often at the end, so that the
/// files are read to their ends for them alone.
public struct CaptureNames {
    /// What was found in all files, in their order.
    public private(set) var names = HostNames()
    /// What could not be read, and what was left out. What else is wrong with a file, whoever reads its packets tells.
    public private(set) var warnings: [CaptureError] = []

    /// - Parameter paths: as those of ``CaptureFiles``.
    public init(paths: [String]) { self.init(paths: paths, bufferSize: CaptureLimits.defaultBuffer) }

    /// - Parameter bufferSize: bytes that are read at a time.
    package init(paths: [String], bufferSize: Int) {
        var ignored: [CaptureError] = []
        for (path, _) in CaptureFiles.candidates(paths, &ignored) {
            guard path != "-", !CaptureDirectory.isStream(path) else {
                let name = path == "-" ? "standard input" : path
                warnings.append(
                    CaptureError("\(name): names in it are not shown, since it can be read only once", path: path))
                continue
            }
            read(path, bufferSize)
        }
        guard names.leftOut > 0 else { return }
        let left = names.leftOut == 1 ? "1 name is" : "\(names.leftOut) names are"
        warnings.append(
            CaptureError(
                "\(left) left out: there are at most \(HostNames.most) names, \(HostNames.mostOfAddress) of an address, of "
                    + "\(HostNames.longest) bytes each"))
    }

    /// Takes up the names in a file as far as it can be read.
    private mutating func read(_ path: String, _ bufferSize: Int) {
        let found = PcapngNames()
        // Whoever reads the packets says why there are no more.
        _ = PcapngFormat.besides(packetsOf: path, bufferSize, names: found)
        names.add(found.names)
        guard found.broken.blocks > 0 else { return }
        let blocks = found.broken.blocks == 1 ? "1 block has" : "\(found.broken.blocks) blocks have"
        warnings.append(
            CaptureError(
                "\(path): damaged at byte \(found.broken.first): \(blocks) a record of names that does not fit; such records "
                    + "and those behind them were left out", path: path))
    }
}
