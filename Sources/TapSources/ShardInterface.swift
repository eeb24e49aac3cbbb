import TapCore

/// Which interface a packet was captured on: one of those of one of the files that are read.
package struct ShardInterface: Hashable {
    let file: Int
    /// Within the file, over all its sections.
    let number: UInt64
    let linkType: LinkType
}
