import Fastify, { type FastifyRequest } from 'fastify'
import { importJWK, type JWK, jwtVerify } from 'jose'
import pg from 'pg'
import { newId } from '../../../src/core/ids.ts'
import { serve } from '../child.ts'
import { type Caller, confirmBooking, createTask, getTask, type NewTask, Refused } from './application.ts'

/** The lean application as a server: Fastify, `pg` with a pool, access tokens checked by their signature, bodies by their schema. */

export interface ServerPlan {
  databaseUrl: string
  /** As the Worker has them. */
  signingKeys: string
  poolSize: number
}

export interface ServerResult {
  origin: string
  pid: number
}

const taskBody = {
  type: 'object',
  additionalProperties: false,
  required: ['category', 'description', 'address', 'city', 'lat', 'lng', 'startsAt', 'estMinutes'],
  properties: {
    category: { type: 'string', minLength: 1, maxLength: 80 },
    description: { type: 'string', minLength: 1, maxLength: 2_000 },
    address: { type: 'string', minLength: 1, maxLength: 300 },
    city: { type: 'string', minLength: 1, maxLength: 80 },
    lat: { type: 'number', minimum: -90, maximum: 90 },
    lng: { type: 'number', minimum: -180, maximum: 180 },
    startsAt: { type: 'string', format: 'date-time' },
    estMinutes: { type: 'integer', minimum: 15, maximum: 10_080 },
  },
} as const

const idParam = {
  type: 'object',
  properties: { id: { type: 'string', format: 'uuid' } },
} as const

async function start({ databaseUrl, signingKeys, poolSize }: ServerPlan): Promise<ServerResult> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize })
  const [jwk] = JSON.parse(signingKeys) as [JWK]
  const key = await importJWK({ kty: jwk.kty, crv: jwk.crv, x: jwk.x } as JWK, 'EdDSA')
  const app = Fastify({ logger: false })

  async function callerOf({ headers, ip }: FastifyRequest): Promise<Caller> {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? ''
    const { payload } = await jwtVerify(token, key, { algorithms: ['EdDSA'] }).catch(() => {
      throw new Refused(401, 'unauthenticated')
    })
    const userAgent = headers['user-agent'] ?? ''
    return {
      userId: payload.sub ?? '',
      sessionId: String(payload.sid),
      requestId: newId(),
      ip,
      userAgent,
    }
  }

  async function withClient<T>(work: (db: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    try {
      return await work(client)
    } finally {
      client.release()
    }
  }

  app.setErrorHandler((error, _request, reply) => {
    const status =
      error instanceof Refused ? error.status : ((error as { statusCode?: number }).statusCode ?? 500)
    const message = error instanceof Error ? error.message : 'error'
    return reply.code(status).type('application/problem+json').send({ status, code: message })
  })
  app.get<{ Params: { id: string } }>('/v1/tasks/:id', { schema: { params: idParam } }, async (request) => {
    const caller = await callerOf(request)
    return withClient((db) => getTask(db, caller, request.params.id))
  })
  app.post<{ Body: NewTask }>('/v1/tasks', { schema: { body: taskBody } }, async (request, reply) => {
    const caller = await callerOf(request)
    const task = await withClient((db) => createTask(db, caller, request.body))
    return reply.code(201).send(task)
  })
  app.post<{ Params: { id: string } }>(
    '/v1/bookings/:id/confirm',
    { schema: { params: idParam } },
    async (request) => {
      const caller = await callerOf(request)
      return withClient((db) => confirmBooking(db, caller, request.params.id))
    },
  )
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  return { origin, pid: process.pid }
}

serve(start)
