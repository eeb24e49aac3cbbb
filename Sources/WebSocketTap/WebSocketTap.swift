// Whoever imports the library has all of it under one name.
@_exported import TapAnalysis
@_exported import TapCore
@_exported import TapFilters
@_exported import TapHTTP
@_exported import TapRedaction
@_exported import TapReports
@_exported import TapSources
@_exported import TapSubprotocols
@_exported import TapTransport
@_exported import TapWebSocket
