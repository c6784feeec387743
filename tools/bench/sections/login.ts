import { randomInt } from 'node:crypto'
import type pg from 'pg'
import { median } from 'simple-statistics'
import { signInHashOf } from '../../../src/areas/people/identity/codes/codes.ts'
import { newVerifier } from '../../../src/areas/people/identity/passwords/passwords.ts'
import type { Context } from '../../../src/core/context.ts'
import { newId } from '../../../src/core/ids.ts'
import { withDatabase } from '../database.ts'
import { cpuSeconds, residentBytes, watchResident } from '../processes.ts'
import { khidmaWorker, type Runtime, type WorkerSecrets, withRuntime } from '../runtime.ts'
import { type BenchOptions, mebibytes, ms, type Report, type Section, say } from '../section.ts'

const GOAL_CPU_MS = 250
const GOAL_BYTES = 32 * 1024 ** 2
const password = 'a lantern over the old bridge'
const code = '123456'

export const login: Section = { name: 'login', run }

interface Measured {
  what: string
  cpuMs: number
  wallMs: number
}

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const times = quick ? 5 : 50
  return withDatabase(async (database) => {
    const { secrets } = workshop
    const people = await prepare(database.owner, secrets, times + 1)
    const worker = khidmaWorker(workshop, { bindings: database.bindings })
    return withRuntime([worker], async (runtime) => {
      const origin = await runtime.originOf('khidma')
      const post = (path: string, body: object, expected: number) => send(origin, path, body, expected)
      const right = () => post('/v1/auth/login', { identifier: people.email, password }, 200)
      const unknown = () => post('/v1/auth/login', { identifier: `${newId()}@bench.example`, password }, 401)
      const byCode = async (index: number) => {
        await post('/v1/auth/otp/verify', { ...people.codes[index], code }, 200)
      }
      const health = async () => void (await fetch(`${origin}/healthz`)).text()
      await health()
      await byCode(times)
      const before = residentBytes(runtime.pid)
      const resident = watchResident(runtime.pid)
      await Promise.all(Array.from({ length: 4 }, right))
      const grown = resident.stop() - before
      const measure = (what: string, work: (index: number) => Promise<unknown>) =>
        measured(runtime, what, times, work)
      const measures = [
        await measure('`auth.login`, the right password', right),
        await measure('`auth.login`, a name that nobody has', unknown),
        await measure('`auth.verifyOtp`', byCode),
        await measure('`platform.health`', health),
      ]
      return { ...report(measures, grown, times), postgres: database.version }
    })
  })
}

async function measured(
  { pid }: Runtime,
  what: string,
  times: number,
  work: (index: number) => Promise<unknown>,
): Promise<Measured> {
  say(what)
  const walls: number[] = []
  const startedCpu = cpuSeconds(pid) ?? Number.NaN
  for (let index = 0; index < times; index += 1) {
    const startedAt = performance.now()
    await work(index)
    walls.push(performance.now() - startedAt)
  }
  const cpuMs = (((cpuSeconds(pid) ?? Number.NaN) - startedCpu) * 1_000) / times
  return { what, cpuMs, wallMs: median(walls) }
}

async function send(origin: string, path: string, body: object, expected: number): Promise<void> {
  const ip = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`
  const headers = { 'content-type': 'application/json', 'cf-connecting-ip': ip }
  const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (response.status !== expected) throw new Error(`${path} answered ${response.status} ${text}`)
}

/** One person with a password, and numbers with a code on its way. */
async function prepare(owner: pg.Client, { PEPPER }: WorkerSecrets, codes: number) {
  const [userId, email] = [newId(), `${newId()}@bench.example`]
  const ctx = { secrets: { pepper: PEPPER } } as Context
  const { salt, algorithm, hash } = newVerifier(ctx, password)
  await owner.query('insert into users (id, email, email_verified_at) values ($1, $2, now())', [
    userId,
    email,
  ])
  await owner.query(
    `insert into user_credentials (user_id, password_changed_at, password_salt, password_algorithm, password_hash)
     values ($1, now(), $2, $3, $4)`,
    [userId, salt, algorithm, hash],
  )
  const phones = Array.from({ length: codes }, (_, index) => `+2012${String(10_000_000 + index)}`)
  const rows = phones.map((phone) => {
    const id = newId()
    return { id, phone, hash: signInHashOf(ctx, id, code) }
  })
  await owner.query(
    `insert into otp_requests (id, phone, otp_hash, number_block, expires_at)
     select r.id, r.phone, r.hash, left(r.phone, -4), now() + interval '10 minutes'
       from jsonb_to_recordset($1) as r (id uuid, phone text, hash text)`,
    [JSON.stringify(rows)],
  )
  return { email, codes: rows.map(({ id, phone }) => ({ verificationId: id, phone })) }
}

function report(measures: Measured[], grown: number, times: number): Report {
  const cpuMs = measures[0]?.cpuMs ?? Number.NaN
  return {
    title: 'Signing in',
    method: [
      `${times} calls each, one after another, of the real Worker on a real Postgres. CPU: what the system counts for the workerd process, divided`,
      'by the calls. Passwords: scrypt with N = 2^14, r = 8, p = 5, which OWASP holds for as strong as 2^17, 8, 1 and which fills 16 MiB instead',
      'of 128. Memory: by how much the process grows at four sign-ins at once; scrypt runs on the thread of the isolate, one at a time.',
    ].join('\n'),
    tables: [
      {
        columns: ['', 'CPU', 'time, p50'],
        rows: measures.map(({ what, cpuMs: cpu, wallMs }) => [what, ms(cpu), ms(wallMs)]),
      },
      { columns: ['', ''], rows: [['memory of the process for sign-ins', mebibytes(grown)]] },
    ],
    goals: [
      {
        what: 'CPU of a sign-in by password',
        goal: `< ${GOAL_CPU_MS} ms`,
        figure: ms(cpuMs),
        met: cpuMs < GOAL_CPU_MS,
      },
      {
        what: 'memory of sign-ins by password',
        goal: `< ${mebibytes(GOAL_BYTES)}`,
        figure: mebibytes(grown),
        met: grown < GOAL_BYTES,
      },
    ],
  }
}
