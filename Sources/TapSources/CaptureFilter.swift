import CPcap
public import TapCore

/// A filter in the language of pcap-filter(7) for packets from any source and of any link type.
///
/// It is compiled for a link type when the first packet of that type comes. A type that the filter has no meaning for
/// has none of its packets accepted, and `errors` tells so once.
public struct CaptureFilter: ~Copyable {
    private enum Compiled {
        case program(FilterProgram)
        case impossible
    }

    private static let wireless = LinkType(rawValue: 105)
    private static let commonLinkTypes: [LinkType] = [.ethernet, .linuxCooked, .linuxCooked2, .raw, wireless]

    public let expression: String
    /// The link types that the filter could not be applied to; each is there once.
    public private(set) var errors: [CaptureError] = []

    private var compiled: [LinkType: Compiled] = [:]
    private var hasReportedTooManyLinkTypes = false
    private var current: (linkType: LinkType, compiled: Compiled)?

    /// Throws libpcap's own words where `expression` is not valid for any common link type.
    public init(_ expression: String) throws(CaptureError) {
        self.expression = expression
        var firstReason: String?
        for linkType in CaptureFilter.commonLinkTypes {
            switch CaptureFilter.compile(expression, for: linkType) {
            case .success: return
            case .failure(let error): firstReason = firstReason ?? error.reason
            }
        }
        throw CaptureError("the filter \"\(expression)\" is not valid: \(firstReason ?? "out of memory")")
    }

    public mutating func accepts(_ header: PacketHeader, _ bytes: RawSpan) -> Bool {
        switch compiledFilter(for: header.linkType) {
        case .program(let program): program.accepts(header, bytes)
        case .impossible: false
        }
    }

    private mutating func compiledFilter(for linkType: LinkType) -> Compiled {
        if let current, current.linkType == linkType { return current.compiled }
        let found = compiled[linkType] ?? compileOnce(for: linkType)
        current = (linkType, found)
        return found
    }

    private mutating func compileOnce(for linkType: LinkType) -> Compiled {
        guard compiled.count < CaptureLimits.filteredLinkTypes else {
            reportTooManyLinkTypes()
            return .impossible
        }
        let result: Compiled
        switch CaptureFilter.compile(expression, for: linkType) {
        case .success(let program):
            result = .program(program)
        case .failure(let error):
            result = .impossible
            errors.append(
                CaptureError(
                    "the filter \"\(expression)\" does not fit packets of link type \(linkType.rawValue), "
                        + "which are left out: \(error.reason)"))
        }
        compiled[linkType] = result
        return result
    }

    private mutating func reportTooManyLinkTypes() {
        guard !hasReportedTooManyLinkTypes else { return }
        hasReportedTooManyLinkTypes = true
        errors.append(
            CaptureError(
                "more than \(CaptureLimits.filteredLinkTypes) link types: packets of the others are left out"))
    }

    private static func compile(
        _ expression: String, for linkType: LinkType
    ) -> Result<FilterProgram, FilterSyntaxError> {
        guard let handle = PcapHandle(compilingFor: linkType) else {
            return .failure(FilterSyntaxError(reason: "out of memory"))
        }
        return Result { () throws(FilterSyntaxError) in try FilterProgram(expression, for: handle) }
    }
}
