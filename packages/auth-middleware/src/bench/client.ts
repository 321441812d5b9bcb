import { connect, type Socket } from 'node:net'

/** A client that costs little: kept connections, one request at a time on each, and answers of a known length. */
export interface Client {
  /** Asks for `seconds`, and resolves to the number of answers. */
  run(seconds: number): Promise<number>
  close(): void
}

export const openClient = async (
  port: number,
  cookies: readonly string[],
  connections: number,
): Promise<Client> => {
  const requests = cookies.map(
    (cookie) => `GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: ${cookie}\r\n\r\n`,
  )
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  let next = 0

  const drive = async (socket: Socket, until: number): Promise<number> => {
    let answers = 0
    while (performance.now() < until) {
      next = (next + 1) % requests.length
      socket.write(requests[next] ?? '')
      const answer = await read(socket)
      if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`not what was asked for: ${answer}`)
      answers += 1
    }
    return answers
  }

  return {
    async run(seconds) {
      const until = performance.now() + seconds * 1000
      const answers = await Promise.all(sockets.map((socket) => drive(socket, until)))
      return answers.reduce((sum, count) => sum + count, 0)
    },
    close: () => sockets.forEach((socket) => socket.destroy()),
  }
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.setEncoding('latin1')
    socket.once('error', reject)
  })

/** Up to the end of the answer, as its Content-Length has it. */
const read = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const onData = (part: string): void => {
      text += part
      const head = text.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(text)?.[1]
      if (head < 0 || length === undefined || text.length < head + 4 + Number(length)) return
      socket.off('data', onData)
      socket.off('close', onClose)
      resolve(text)
    }
    const onClose = (): void => reject(new Error('the server closed the connection'))
    socket.on('data', onData)
    socket.once('close', onClose)
  })
