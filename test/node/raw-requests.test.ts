import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import openapi from '../../openapi.json' with { type: 'json' }
import { closeCodes } from '../../src/areas/contact/chat/protocol.ts'
import { eventually } from '../support/eventually.ts'
import { freePort, type Running, runTool } from '../support/stack-process.ts'

/** Byte for byte over TCP: what no HTTP client would send. */
let port: number
let stack: Running
const scratch = mkdtempSync(join(tmpdir(), 'khidma-raw-'))

beforeAll(async () => {
  port = await freePort()
  stack = runTool('tools/start.ts', ['--memory'], {
    TMPDIR: scratch,
    PORT: String(port),
    KHIDMA_HOME: join(scratch, 'home'),
  })
  await stack.says('/docs')
}, 240_000)
afterAll(async () => {
  stack.process.kill('SIGINT')
  await stack.ended
  rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

function exchange(bytes: string, { waitMs = 30_000 } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    let answer = ''
    const done = () => {
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(done, waitMs)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('close', () => {
      clearTimeout(timer)
      done()
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? done() : reject(error),
    )
  })
}

const statusesOf = (answer: string): string[] =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status as string)
const request = (line: string, headers: string[], body = '') =>
  `${line} HTTP/1.1\r\n${['Host: 127.0.0.1', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`

describe('bytes on the wire', () => {
  it('of an ordinary request get an ordinary response', async () => {
    const answer = await exchange(request('GET /healthz', ['X-Request-Id: raw-request-1']))
    expect(statusesOf(answer)).toEqual(['200'])
    expect(answer.toLowerCase()).toContain('x-request-id: raw-request-1')
  })

  it('in an echoed header never become a header of the answer', async () => {
    for (const name of [
      'X-Request-Id',
      'X-Correlation-Id',
      'Traceparent',
      'Idempotency-Key',
      'If-None-Match',
      'Accept-Language',
      'Origin',
    ]) {
      for (const value of [
        'abcdefgh\r\n X-Owned: 1',
        'abcdefgh\r\n\tX-Owned: 1',
        'abcdefgh\nX-Owned: 1',
        'abcdefgh\rX-Owned: 1',
        'abcdefgh\0X-Owned: 1',
        'abcdefgh\x0bX-Owned: 1',
        'abcdefgh\x85X-Owned: 1',
        'abcdefgh\xe5\x98\x8a\xe5\x98\x8dX-Owned: 1',
        'abcdefgh%0d%0aX-Owned: 1',
      ]) {
        const answer = await exchange(request('GET /v1/me', [`${name}: ${value}`]), { waitMs: 1_000 })
        for (const status of statusesOf(answer)) expect(['400', '401']).toContain(status)
        const [head = ''] = answer.split('\r\n\r\n')
        expect(head.toLowerCase(), `${name}: ${JSON.stringify(value)}`).not.toMatch(/^x-owned/m)
      }
    }
  }, 90_000)

  it('in a path never become a header, or another request', async () => {
    for (const path of [
      '/v1/me\rX-Owned:1',
      '/v1/me%0d%0aX-Owned:%201',
      '/problems/%0d%0aX-Owned:1',
      'http://attacker.example/v1/me',
      '//attacker.example/v1/me',
    ]) {
      const answer = await exchange(request(`GET ${path}`, []), { waitMs: 1_000 })
      for (const status of statusesOf(answer)) expect(['400', '401', '404']).toContain(status)
      const [head = ''] = answer.split('\r\n\r\n')
      expect(head.toLowerCase()).not.toMatch(/^x-owned|attacker\.example/m)
    }
  })

  it('never hide a second request inside the first', async () => {
    const hidden = 'GET /v1/audit-log HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
    const smuggled = [
      // Two lengths, a length and chunks, chunks spelt in ways that another hop may not know.
      request(
        'POST /v1/auth/otp/request',
        ['Content-Type: application/json', 'Content-Length: 2', `Content-Length: ${2 + hidden.length}`],
        `{}${hidden}`,
      ),
      request(
        'POST /v1/auth/otp/request',
        ['Content-Type: application/json', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
        `0\r\n\r\n${hidden}`,
      ),
      request(
        'POST /v1/auth/otp/request',
        ['Content-Type: application/json', 'Content-Length: 5', 'Transfer-Encoding : chunked'],
        `0\r\n\r\n${hidden}`,
      ),
      request(
        'POST /v1/auth/otp/request',
        ['Content-Type: application/json', 'Transfer-Encoding: xchunked'],
        `0\r\n\r\n${hidden}`,
      ),
      request(
        'POST /v1/auth/otp/request',
        ['Content-Type: application/json', 'Content-Length: +2'],
        `{}${hidden}`,
      ),
    ]
    for (const bytes of smuggled) {
      const statuses = statusesOf(await exchange(bytes, { waitMs: 1_500 }))
      expect(statuses.length, JSON.stringify(statuses)).toBeLessThanOrEqual(1)
      for (const status of statuses) expect(['400', '411', '413', '415', '501']).toContain(status)
    }
  })

  it('may name any host, which is not used in URLs of the response', async () => {
    const bytes = `GET /v1/nothing HTTP/1.1\r\nHost: attacker.example\r\nX-Forwarded-Host: attacker.example\r\nConnection: close\r\n\r\n`
    const answer = await exchange(bytes)
    expect(statusesOf(answer)).toEqual(['404'])
    expect(answer).not.toContain('attacker.example')
  })

  it('beyond the limit end the connection, not the Worker', async () => {
    for (const bytes of [
      request('GET /v1/me', [`Authorization: Bearer ${'A'.repeat(200_000)}`]),
      request(`GET /v1/${'a'.repeat(200_000)}`, []),
      request(
        'GET /v1/me',
        Array.from({ length: 5_000 }, (_, n) => `X-Filler-${n}: ${'x'.repeat(20)}`),
      ),
    ]) {
      for (const status of statusesOf(await exchange(bytes, { waitMs: 2_000 })))
        expect(['400', '401', '404', '413', '414', '431', '500']).toContain(status)
    }
    expect(statusesOf(await exchange(request('GET /healthz', [])))).toEqual(['200'])
  })
})

describe('an address that is too long', () => {
  it('is refused as every operation declares', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/categories?parentId=${'a'.repeat(70_000)}`)
    expect(answer.status).toBe(414)
    const declared = openapi.components.responses.UriTooLong.content
    expect(Object.keys(declared)).toContain(answer.headers.get('content-type')?.split(';')[0] ?? 'text/plain')
    expect(await answer.text()).toBe(declared['text/plain'].example)
    for (const operations of Object.values(openapi.paths) as Record<string, { responses: object }>[])
      for (const { responses } of Object.values(operations)) expect(responses).toHaveProperty('414')
  })
})

/** A WebSocket client that sends what libraries would not, and sees every frame. */
class RawSocket {
  readonly #socket: Socket
  #received = Buffer.alloc(0)

  constructor(path: string, token: string) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.on('error', () => {})
    this.#socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
    })
    const key = Buffer.alloc(16).toString('base64')
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    )
  }

  opened = () => eventually('it is open', () => this.#received.includes('HTTP/1.1 101'))

  #body(): Buffer | null {
    const end = this.#received.indexOf('\r\n\r\n')
    return end < 0 ? null : this.#received.subarray(end + 4)
  }

  /** One text frame, masked with zeros. */
  send(payload: Buffer): void {
    const head = Buffer.alloc(14)
    head.writeUInt8(0x81, 0)
    head.writeUInt8(0x80 | 127, 1)
    head.writeBigUInt64BE(BigInt(payload.byteLength), 2)
    this.#socket.write(Buffer.concat([head, payload]))
  }

  /** Returns the frames that came so far; the server's are short and not masked. */
  get frames(): { opcode: number; payload: Buffer }[] {
    const frames = []
    let rest = this.#body() ?? Buffer.alloc(0)
    while (rest.byteLength >= 2) {
      const short = rest.readUInt8(1)
      const [size, start] =
        short < 126 ? [short, 2] : [rest.byteLength < 4 ? 65_535 : rest.readUInt16BE(2), 4]
      if (rest.byteLength < start + size) break
      frames.push({ opcode: rest.readUInt8(0) & 15, payload: rest.subarray(start, start + size) })
      rest = rest.subarray(start + size)
    }
    return frames
  }

  get closeCode(): number | undefined {
    return this.frames.find(({ opcode }) => opcode === 8)?.payload.readUInt16BE(0)
  }

  end = () => this.#socket.destroy()
}

describe('a frame', () => {
  async function signIn(): Promise<string> {
    const origin = `http://127.0.0.1:${port}`
    const phone = '+201000000010'
    const headers = { 'content-type': 'application/json' }
    const post = (path: string, body: object) =>
      fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    const requested = await post('/v1/auth/otp/request', { phone })
    const { verificationId } = (await requested.json()) as { verificationId: string }
    const outbox = `${origin}/__dev/outbox?to=${encodeURIComponent(phone)}`
    const code = await eventually('the code has come', async () => {
      const { data } = (await (await fetch(outbox)).json()) as { data: { code?: string }[] }
      return data[0]?.code
    })
    const answer = await post('/v1/auth/otp/verify', { verificationId, phone, code })
    return ((await answer.json()) as { accessToken: string }).accessToken
  }

  // The runtime has a limit of its own at 32 MiB, which lies in between: no code of ours sees what is above.
  it('of 33 MB or 40 MB closes its socket with the same code, and no other socket', async () => {
    const token = await signIn()
    const other = new RawSocket('/v1/me/socket', token)
    await other.opened()
    const codes: (number | undefined)[] = []
    for (const bytes of [40_000, 33_000_000, 40_000_000]) {
      const socket = new RawSocket('/v1/me/socket', token)
      await socket.opened()
      socket.send(Buffer.alloc(bytes, 'x'))
      await eventually('it is closed', () => socket.closeCode !== undefined)
      codes.push(socket.closeCode)
      socket.end()
    }
    expect(codes).toEqual(Array(3).fill(closeCodes.frameTooLarge))
    other.send(Buffer.from('{"type":"ping","id":"p1"}'))
    await eventually('the other goes on', () => other.frames.some(({ payload }) => payload.includes('pong')))
    expect(other.closeCode).toBeUndefined()
    other.end()
  })
})
