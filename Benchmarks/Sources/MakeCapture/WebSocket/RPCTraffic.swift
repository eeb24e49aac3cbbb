/// Calls and their answers as text, one whole message a segment; answers come in any order, and one in a hundred never.
struct RPCTraffic: WebSocketTraffic {
    /// The shortest message with a number in it that both dialects have.
    static let shortestMessage = 40

    /// No more calls than this wait for an answer on one connection.
    private static let mostOpenCalls = 8

    private let dialect: RPCDialect
    private let messageLengths: ClosedRange<Int>
    /// What opens the session, the last first.
    private var greetings: [(side: Side, text: String)]?
    private var nextNumbers: PerSide<Int>
    /// The calls of each side that will be answered.
    private var openCalls = PerSide<[Int]>(client: [], server: [])
    private var isFinishing = false

    var isFinished: Bool { isFinishing && openCalls.client.isEmpty && openCalls.server.isEmpty }

    var requestTarget: String? { dialect.requestTarget }

    init(dialect: RPCDialect, messageLengths: ClosedRange<Int>) {
        self.dialect = dialect
        self.messageLengths = messageLengths
        nextNumbers = PerSide(client: dialect.firstNumber, server: dialect.firstNumber)
    }

    mutating func finish() {
        isFinishing = true
    }

    mutating func exchange(over connection: inout TCPConnection, encoder: FrameEncoder, in wire: inout Wire) {
        var greetings = self.greetings ?? dialect.greetings(random: &wire.random).reversed()
        let greeting = greetings.popLast()
        self.greetings = greetings
        let side: Side
        let message: [UInt8]
        if let greeting {
            (side, message) = (greeting.side, Array(greeting.text.utf8))
        } else {
            (side, message) = nextMessage(in: &wire)
        }
        var frame: [UInt8] = []
        encoder.append(.text, message, from: side, to: &frame, in: &wire)
        connection.send(frame[...], from: side, in: &wire)
        if wire.random.chance(percent: 50) { connection.acknowledge(by: side.opposite, in: &wire) }
    }

    /// An answer, the more likely the more calls are open, or a call, or what wants no answer.
    private mutating func nextMessage(in wire: inout Wire) -> (Side, [UInt8]) {
        let length = wire.random.next(in: messageLengths)
        let open = openCalls.client.count + openCalls.server.count
        if isFinishing || wire.random.next(below: Self.mostOpenCalls) < open {
            let index = wire.random.next(below: open)
            let caller: Side = index < openCalls.client.count ? .client : .server
            let number = openCalls[caller].remove(at: caller == .client ? index : index - openCalls.client.count)
            wire.truth.countAnswer()
            let form = dialect.answer(number, random: &wire.random)
            return (caller.opposite, form.message(length: length, in: &wire))
        }
        if wire.random.chance(percent: 20) {
            return (dialect.notifier(random: &wire.random), dialect.notification.message(length: length, in: &wire))
        }
        let caller = dialect.caller(random: &wire.random)
        let number = nextNumbers[caller]
        nextNumbers[caller] += 1
        wire.truth.countCall()
        if !wire.random.chance(percent: 1) { openCalls[caller].append(number) }
        return (caller, dialect.call(number).message(length: length, in: &wire))
    }
}
