/// How many letters must be changed, added or left out to make one name from another (Levenshtein's distance).
package enum NameDistance {
    /// The name that `name` may be a misspelling of, when it is at most so many letters away and more right than wrong.
    package static func nearest(to name: String, among names: [String], most: Int = 2) -> String? {
        let limit = min(most, name.count / 2)
        let near = names.map { (name: $0, distance: between(name, $0)) }.filter { $0.distance <= limit }
        return near.min { $0.distance < $1.distance }?.name
    }

    package static func between(_ left: String, _ right: String) -> Int {
        let letters = Array(right)
        var row = Array(0...letters.count)
        for (line, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in letters.indices {
                let replaced = diagonal + (letters[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[letters.count]
    }
}
