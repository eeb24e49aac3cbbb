import TapSubprotocols
import Testing

@Suite("Kubernetes and Jupyter")
struct ServerProtocolTests {
    @Test("channels of Kubernetes, v5")
    func kubernetes() {
        var talk = Talk("v5.channel.k8s.io", target: "/api/v1/namespaces/default/pods/p/exec?command=sh")
        talk.client([4] + Array(#"{"Width":80,"Height":24}"#.utf8))
        talk.client([0] + Array("ls\n".utf8))
        talk.client([255, 0])
        talk.server([1] + Array("file\n".utf8))
        talk.server([2] + Array("oops".utf8))
        talk.server(
            [3]
                + Array(
                    #"{"metadata":{},"status":"Failure","message":"command terminated with exit code 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"#
                        .utf8))
        talk.server([3] + Array(#"{"metadata":{},"status":"Success"}"#.utf8))
        talk.server([9, 1])
        #expect(
            talk.summaries == [
                "resize 80x24", "stdin 3 B", "close stdin", "stdout 5 B", "stderr 4 B",
                "status Failure exit 3 command terminated with exit code 3", "status Success",
            ])
        #expect(talk.items[5].error?.code == "3")
        #expect(talk.findings == ["application-error 6", "application-malformed 8"])
    }

    @Test("in base64, and forwarded ports")
    func others() {
        var talk = Talk("v4.base64.channel.k8s.io")
        talk.server("1aGVsbG8=")
        talk.server("1***")
        #expect(talk.summaries == ["stdout 5 B"] && talk.findings == ["application-malformed 2"])
        talk = Talk("v4.channel.k8s.io", target: "")
        talk.server([7, 1])
        #expect(talk.items.isEmpty && talk.findings.isEmpty, "without its path it may be anything")
        talk = Talk("v4.channel.k8s.io", target: "/api/v1/namespaces/d/pods/p/portforward")
        talk.server([0, 0x90, 0x1F])
        talk.server([1, 0x90, 0x1F])
        talk.client([0] + Array("GET /".utf8))
        talk.server([1] + Array("refused".utf8))
        #expect(talk.lines == ["data forward 0", "error forward 0", "data forward 0", "error forward 0 !refused"])
    }

    private func binary(_ parts: [String]) -> [UInt8] {
        var offset = 8 * (parts.count + 2)
        var offsets = [offset]
        for part in parts {
            offset += part.utf8.count
            offsets.append(offset)
        }
        return ([offsets.count] + offsets).flatMap { number in (0..<8).map { UInt8(number >> (8 * $0) & 0xFF) } }
            + parts.flatMap { Array($0.utf8) }
    }

    @Test("what was typed at a kernel's question is secret")
    func input() {
        var talk = Talk(target: "/api/kernels/e0a7/channels?session_id=1")
        talk.client(
            #"{"channel":"stdin","header":{"msg_id":"a","msg_type":"input_reply"},"parent_header":{},"content":{"value":"low tide"}}"#
        )
        #expect(talk.secrets == [#""low tide""#])
    }

    @Test("Jupyter, in JSON and with offsets")
    func jupyter() {
        var talk = Talk(target: "/api/kernels/e0a7/channels?session_id=1")
        talk.client(
            #"{"channel":"shell","header":{"msg_id":"a","msg_type":"execute_request"},"parent_header":{},"metadata":{},"content":{"code":"1/0"}}"#
        )
        talk.server(
            #"{"channel":"iopub","header":{"msg_id":"b","msg_type":"status"},"parent_header":{"msg_id":"a"},"metadata":{},"content":{"execution_state":"busy"}}"#
        )
        talk.server(
            #"{"channel":"shell","header":{"msg_id":"c","msg_type":"execute_reply"},"parent_header":{"msg_id":"a"},"metadata":{},"content":{"status":"error","ename":"ZeroDivisionError","evalue":"division by zero"}}"#
        )
        #expect(
            talk.lines == [
                "execute_request shell a", "status iopub b", "execute_reply shell c !ZeroDivisionError <-1",
            ])
        #expect(talk.summaries[0] == #"shell execute_request "1/0""#)
        #expect(talk.findings == ["application-error 3"])
        talk = Talk("v1.kernel.websocket.jupyter.org")
        talk.client(binary(["shell", #"{"msg_id":"a","msg_type":"kernel_info_request"}"#, "{}", "{}", "{}"]))
        talk.server(
            binary([
                "shell", #"{"msg_id":"b","msg_type":"kernel_info_reply"}"#, #"{"msg_id":"a"}"#, "{}",
                #"{"status":"ok"}"#,
            ]))
        talk.server([9, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(talk.lines == ["kernel_info_request shell a", "kernel_info_reply shell b <-1"])
        #expect(talk.summaries[1] == "shell kernel_info_reply ok")
        #expect(talk.findings == ["application-malformed 3"])
    }
}
