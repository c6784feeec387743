import { socketProtocol } from './protocol.ts'

/** The session of an access token, or an API key in its place, as the Worker verified it. */
export interface Session {
  sessionId: string
  /** Issue time of the access token. Unix milliseconds. */
  issuedAtMs: number
  /** When the access token ends, and the socket with it. Unix milliseconds. */
  expiresAtMs: number
}

/** The person at the other end of a socket. */
export interface Identity extends Session {
  userId: string
}

const names = {
  userId: 'x-khidma-user',
  sessionId: 'x-khidma-session',
  issuedAtMs: 'x-khidma-issued',
  expiresAtMs: 'x-khidma-expires',
}

/** The upgrade as the Worker hands it to an object: made anew, so that nothing a client sent can pass for an identity. */
export function upgradeRequest(identity: Identity, offersProtocol: boolean): Request {
  const headers = new Headers({
    upgrade: 'websocket',
    [names.userId]: identity.userId,
    [names.sessionId]: identity.sessionId,
    [names.issuedAtMs]: String(identity.issuedAtMs),
    [names.expiresAtMs]: String(identity.expiresAtMs),
  })
  if (offersProtocol) headers.set('sec-websocket-protocol', socketProtocol)
  return new Request('https://object/', { headers })
}

export function identityOf(request: Request): Identity {
  const read = (name: string): string => {
    const value = request.headers.get(name)
    if (value === null) throw new Error(`An upgrade without ${name}`)
    return value
  }
  return {
    userId: read(names.userId),
    sessionId: read(names.sessionId),
    issuedAtMs: Number(read(names.issuedAtMs)),
    expiresAtMs: Number(read(names.expiresAtMs)),
  }
}

/** Header that names the protocol of the answer: only one that the client has offered. */
export const protocolAnswer = (request: Request): Record<string, string> =>
  request.headers.has('sec-websocket-protocol') ? { 'Sec-WebSocket-Protocol': socketProtocol } : {}
