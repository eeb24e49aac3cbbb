import Foundation
import Testing

/// Files that an export writes take the place of others only when they are complete.
@Suite("Exports hurt nothing")
struct ReplacedFileTests {
    static let formats = ["ndjson", "json", "csv", "html", "har", "ecs", "zeek", "suricata", "sqlite", "pcapng"]

    private static let chat = Wstap.sample("chat.pcap")

    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    private static func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    }

    @Test("an input that cannot be read leaves the old file", arguments: formats)
    func unreadable(format: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("k", Data("precious".utf8))
        for input in ["/nowhere.pcap", Wstap.project.appendingPathComponent("README.md").path] {
            #expect(try Wstap.run(["export", input, "--to", format, "-o", path]).status == 2)
        }
        let wrong = try Wstap.run(["export", ReplacedFileTests.chat, "-f", "no filter", "--to", format, "-o", path])
        #expect(wrong.status != 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        #expect(try ReplacedFileTests.names(folder) == ["k"])
    }

    @Test("a damaged input gives a whole file in place of the old one, and exit code 2", arguments: formats)
    func damaged(format: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("k", Data("precious".utf8))
        let cut = try folder.file("cut.pcap", BadInputTests.chat.prefix(3_000))
        let fresh = folder.path("fresh")
        for target in [path, fresh] {
            #expect(try Wstap.run(["export", cut, "--to", format, "-o", target]).status == 2)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(contentsOf: URL(fileURLWithPath: fresh)))
        #expect(try ReplacedFileTests.names(folder) == ["cut.pcap", "fresh", "k"])
    }

    @Test("a new file is for its owner only, or as --mode says; an old one keeps its mode", arguments: formats)
    func modes(format: String) throws {
        let folder = try TemporaryFolder()
        func export(_ name: String, _ options: [String] = []) throws -> Int {
            let path = folder.path(name)
            #expect(
                try Wstap.run(["export", ReplacedFileTests.chat, "--to", format, "-o", path] + options).status == 0)
            return try ReplacedFileTests.mode(path)
        }
        #expect(try export("new") == 0o600)
        #expect(try export("shared", ["--mode", "0644"]) == 0o644)
        let old = try folder.file("old", Data("old".utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: old)
        #expect(try export("old") == 0o640)
    }

    @Test("what replaces a file has its owner", .enabled(if: geteuid() == 0, "only root gives files away"))
    func owner() throws {
        let folder = try TemporaryFolder()
        for format in ReplacedFileTests.formats {
            let path = try folder.file("k.\(format)", Data("old".utf8))
            #expect(chown(path, 65_534, 65_534) == 0)
            #expect(try Wstap.run(["export", ReplacedFileTests.chat, "--to", format, "-o", path]).status == 0)
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_uid == 65_534 && status.st_gid == 65_534)
            #expect(status.st_size > 3)
        }
    }

    @Test("modes that are none are refused", arguments: ["0999", "rw", "7777", "-1", ""])
    func wrongMode(mode: String) throws {
        let result = try Wstap.run(["export", ReplacedFileTests.chat, "--to", "csv", "-o", "/dev/null", "--mode", mode])
        #expect(result.status == 64)
    }

    @Test("the target of one's own symbolic link is replaced, and the link stays", arguments: formats)
    func link(format: String) throws {
        let folder = try TemporaryFolder()
        let target = try folder.file("target", Data("old".utf8))
        for (link, destination) in [("near", "target"), ("far", target), ("new", "not-there-yet")] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(link), withDestinationPath: destination)
            let result = try Wstap.run(["export", ReplacedFileTests.chat, "--to", format, "-o", folder.path(link)])
            #expect(result.status == 0, "\(result.errors)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path(link)) == destination)
        }
        let plain = folder.path("plain")
        _ = try Wstap.run(["export", ReplacedFileTests.chat, "--to", format, "-o", plain])
        for name in ["target", "not-there-yet"] {
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
                    == Data(contentsOf: URL(fileURLWithPath: plain)))
        }
    }

    @Test(
        "a link, or its target, that belongs to somebody else is refused",
        .enabled(if: geteuid() == 0, "only root gives files away"), arguments: [true, false])
    func strangersLink(isLink: Bool) throws {
        let folder = try TemporaryFolder()
        let target = try folder.file("target", Data("old".utf8))
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        #expect((isLink ? lchown(link, 65_534, 65_534) : chown(target, 65_534, 65_534)) == 0)
        let result = try Wstap.run(["export", ReplacedFileTests.chat, "--to", "csv", "-o", link])
        #expect(result.status == 2 && result.errors.contains("belongs to somebody else"), "\(result.errors)")
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "old")
    }

    @Test("links in a circle end with an error")
    func circle() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: folder.path("a"), withDestinationPath: "b")
        try FileManager.default.createSymbolicLink(atPath: folder.path("b"), withDestinationPath: "a")
        let result = try Wstap.run(["export", ReplacedFileTests.chat, "--to", "csv", "-o", folder.path("a")])
        #expect(result.status == 2)
    }

    @Test("standard output, descriptors, devices and pipes are written in place")
    func inPlace() throws {
        let folder = try TemporaryFolder()
        let plain = try Wstap.run(["export", ReplacedFileTests.chat, "--to", "csv", "-o", "-"]).output
        for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            let result = try Wstap.run(["export", ReplacedFileTests.chat, "--to", "csv", "-o", name])
            #expect(result.status == 0 && result.output == plain, "\(name)")
        }
        // What is appended to goes on.
        let file = folder.path("appended")
        let appended = try Wstap.shell(
            "echo first > '\(file)'; wstap export '\(ReplacedFileTests.chat)' --to csv -o - >> '\(file)'; cat '\(file)'"
        )
        #expect(appended.output == "first\n" + plain)
        let pipe = try Wstap.shell(
            """
            cd '\(folder.url.path)' && mkfifo pipe && { cat pipe > read & } && \
            wstap export '\(ReplacedFileTests.chat)' --to csv -o pipe; wait; test -p pipe && cat read
            """)
        #expect(pipe.status == 0 && pipe.output == plain)
        #expect(try Wstap.run(["export", ReplacedFileTests.chat, "--to", "csv", "-o", "/dev/null"]).status == 0)
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test("where nothing can be made in the folder, there is an error")
    func noFolder() throws {
        let result = try Wstap.run(["export", ReplacedFileTests.chat, "--to", "csv", "-o", "/nowhere/at/all.csv"])
        #expect(result.status == 2 && result.errors == "wstap: /nowhere/at/all.csv: No such file or directory\n")
    }

    @Test("a signal leaves the old file, and nothing beside it", arguments: ["INT", "TERM", "HUP"])
    func signal(name: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("k.csv", Data("precious".utf8))
        let database = try folder.file("k.db", Data("precious".utf8))
        // The input never ends.
        let result = try Wstap.shell(
            """
            set -m; cd '\(folder.url.path)'; mkfifo in
            { cat '\(ReplacedFileTests.chat)'; sleep 30; } > in & writer=$!
            '\(Wstap.binary.path)' export in --to csv -o k.csv --to sqlite -o k.db & program=$!
            until ls -a | grep -q wstap-; do sleep 0.05; done
            kill -\(name) $program; test \(name) != INT || { sleep 0.3; kill -INT $program; }
            wait $program; echo $?; kill -- -$writer; ls -A | tr '\\n' ' '
            """)
        let number = ["INT": 130, "TERM": 143, "HUP": 129][name] ?? 0
        #expect(result.output.hasPrefix("\(number)\n"), "\(result.output) \(result.errors)")
        #expect(!result.output.contains("wstap-"))
        for file in [path, database] { #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious") }
    }
}
