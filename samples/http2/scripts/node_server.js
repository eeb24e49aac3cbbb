// node_server.js PORT: WebSocket over HTTP/2 by Node's http2, in the clear; frames are sent back with their mask taken off.
// `/forbidden` is refused with 403, `/missing` with 404, `/elsewhere` with 501; `/plain` gets no subprotocol, `/closing` is
// answered with 200 and then the session goes away; `/slow` is sent 4,000 bytes once it is opened, whether there is room for
// them or not. Other protocols: 501.
const http2 = require('http2')

const server = http2.createServer({ settings: { enableConnectProtocol: true } })
server.on('stream', (stream, headers) => {
  stream.on('error', () => {})
  if (headers[':method'] !== 'CONNECT') {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' })
    return stream.end('a page')
  }
  const refusals = { '/forbidden': 403, '/missing': 404, '/elsewhere': 501 }
  const status = headers[':protocol'] === 'websocket' ? refusals[headers[':path']] : 501
  if (status) {
    stream.respond({ ':status': status })
    return stream.end()
  }
  stream.respond({ ':status': 200, ...(headers[':path'] === '/plain' ? {} : { 'sec-websocket-protocol': 'chat' }) })
  if (headers[':path'] === '/slow') stream.write(Buffer.concat([Buffer.from([0x82, 126, 4000 >> 8, 4000 & 255]), Buffer.alloc(4000, 7)]))
  if (headers[':path'] === '/closing') stream.session.close()
  let bytes = Buffer.alloc(0)
  stream.on('data', data => {
    bytes = Buffer.concat([bytes, data])
    for (;;) {
      if (bytes.length < 2) return
      let length = bytes[1] & 127, start = 2
      if (length === 126) {
        if (bytes.length < 4) return
        length = bytes.readUInt16BE(2)
        start = 4
      }
      if (bytes.length < start + 4 + length) return
      const key = bytes.subarray(start, start + 4)
      const payload = Buffer.from(bytes.subarray(start + 4, start + 4 + length)).map((byte, index) => byte ^ key[index & 3])
      const opcode = bytes[0] & 15
      bytes = bytes.subarray(start + 4 + length)
      const answer = opcode === 9 ? 10 : opcode
      stream.write(length < 126 ? Buffer.from([0x80 | answer, length]) : Buffer.from([0x80 | answer, 126, length >> 8, length & 255]))
      stream.write(payload)
      if (opcode === 8) stream.end()
    }
  })
})
server.listen(Number(process.argv[2]), '127.0.0.1')
