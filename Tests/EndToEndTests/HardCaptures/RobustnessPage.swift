/// `docs/robustness.md`: every hard capture with what it must give, and with what tshark gives.
struct RobustnessPage {
    let answers: [HardCaptureAnswer]

    var text: String {
        let same = answers.count(where: \.isSame)
        var text = """
            # Hard captures

            Each of these \(answers.count) captures is made by the tests and hard to read in one way. `wstap` must give exactly the
            frames that were sent, and no finding but those that belong to it; a test compares each of them, with its payload.
            Beside it stands the answer of tshark 4.0 on the same file (`-o tcp.reassemble_out_of_order:TRUE`), compared by
            opcode, length and masking key: it gives the same frames for \(same) of them. Where it does not, the last column says
            why.

            What holds for any capture is tested on random ones (`make nightly`: 10,000 of them): order, copies, cuts of segments,
            link layers, tunnels, fragments and file formats change no frame; lost packets leave a part of the frames, and each
            missing byte is counted; a capture that ends early gives the first of the frames. A live capture of half an hour is
            in [endurance.md](endurance.md). What real peers said in TLS is in [samples/tls](../samples/tls/README.md), with how much
            of it tshark reads: less where the handshake was not captured, segments are lost, keys come behind the packets, or
            the client's hello is encrypted.

            Of what Wireshark and `tshark -U` export (link type 252) layer 3 is read: packets out of IPsec. Layers 4 and 7, what TCP
            and TLS carried, are not, since nothing in the file tells what is missing in them, or where a connection ends. tshark 4.0
            wrote

            - of a message of three records the first record, and then the whole (layer 7 of `samples/tls/large`; with `-2` once);
            - of a connection that lacks one segment of the client, the client's messages up to there and all of the server's, as if
              the client had fallen silent (layer 7 of `samples/tls/lost-1-client`);
            - of a message in two frames the first frame alone, where the display filter was `websocket.opcode == 1` (layer 7 of
              `samples/tls/java`);
            - of two connections with the same ports, one after the other, bytes from number 1 on twice, as if the first had gone on
              with other bytes after its close frame (layer 4).

            So a peer would be accused of what it never did. The capture itself, with its keys, has all of it.

            This page is made by the tests from the captures themselves.


            """
        for area in HardCapture.Area.allCases { text += section(area) }
        return text
    }

    private func section(_ area: HardCapture.Area) -> String {
        var text = "## \(area.rawValue)\n\n| a capture with | frames | tshark | why |\n| --- | ---: | --- | --- |\n"
        for answer in answers where answer.capture.area == area {
            let capture = answer.capture
            var told = Dictionary(grouping: capture.findings) { $0 }.map { id, all in
                "`\(id.rawValue)`" + (all.count > 1 ? " \(all.count) times" : "")
            }.sorted()
            if let unread = capture.unread { told.append("`\(unread.rawValue)`") }
            if let fault = capture.fault { told.insert("“\(fault)”", at: 0) }
            let frames = told.isEmpty ? "\(answer.expected)" : "\(answer.expected); \(told.joined(separator: ", "))"
            text += "| \(capture.name) | \(frames) | \(answer.text) | \(capture.tsharkDiffers ?? "") |\n"
        }
        return text + "\n"
    }
}
