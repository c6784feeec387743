import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../tools/database/embedded.ts'
import { eventually } from '../support/eventually.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, emptyDatabase, realPostgres } from '../support/real-postgres.ts'
import {
  freePort,
  pressCtrlC,
  processesWith,
  type Running,
  runCommand,
  runTool,
} from '../support/stack-process.ts'

const scratch = mkdtempSync(join(tmpdir(), 'khidma-stack-test-'))
const running = new Set<Running>()
let homes = 0

const newHome = () => join(scratch, `home-${++homes}`)

const start = (env: Record<string, string>, args: string[] = []): Running =>
  tracked(runTool('tools/start.ts', args, { TMPDIR: scratch, ...env }))

/** An npm script, with all that it does before the tool itself. */
const npmRun = (script: string, env: Record<string, string> = {}): Running =>
  tracked(runCommand('npm', ['run', '-s', script], { TMPDIR: scratch, ...env }))

function tracked(stack: Running): Running {
  running.add(stack)
  void stack.ended.then(() => running.delete(stack))
  return stack
}

afterAll(async () => {
  for (const stack of running) stack.process.kill('SIGKILL')
  await Promise.all([...running].map(({ ended }) => ended))
  rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** Reads what a person sees when the start fails: one sentence, no stack trace. */
async function refusal(stack: Running): Promise<string> {
  expect(await stack.ended).toBe(1)
  const lines = stack.output().trim().split('\n')
  expect(lines).toHaveLength(1)
  return lines[0] ?? ''
}

async function call<Body>(
  url: string,
  init: RequestInit & { token?: string; json?: unknown } = {},
): Promise<Body> {
  const { token, json, ...rest } = init
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const response = await fetch(url, {
    ...rest,
    headers,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  const text = await response.text()
  expect(response.ok, `${url} answered ${response.status}: ${text}`).toBe(true)
  return (text ? JSON.parse(text) : undefined) as Body
}

async function signIn(origin: string, phone: string): Promise<string> {
  const { verificationId } = await call<{ verificationId: string }>(`${origin}/v1/auth/otp/request`, {
    method: 'POST',
    json: { phone },
  })
  const { data } = await call<{ data: { code?: string }[] }>(
    `${origin}/__dev/outbox?to=${encodeURIComponent(phone)}`,
  )
  const signedIn = await call<{ accessToken: string }>(`${origin}/v1/auth/otp/verify`, {
    method: 'POST',
    json: { phone, verificationId, code: data[0]?.code },
  })
  return signedIn.accessToken
}

describe('npm start', () => {
  test('a second start finds the data of the first; Ctrl-C ends every process', {
    timeout: 480_000,
  }, async () => {
    const home = newHome()
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const env = { KHIDMA_HOME: home, PORT: String(port) }

    expect(await npmRun('build:assets').ended).toBe(0)
    const first = start(env)
    await first.says('Ctrl-C ends it all.')
    expect(first.output()).toContain(`${origin}/docs`)
    expect(first.output()).toContain('+201000000010')
    expect((await fetch(`${origin}/healthz`)).status).toBe(200)
    expect((await fetch(`${origin}/readyz`)).status).toBe(200)

    expect(workersOf(home)).not.toEqual([])
    const untouched = { files: watchedFiles(), workers: workersOf(home) }
    const [onSamePort, onSameData] = [
      npmRun('start', env),
      npmRun('start', { ...env, PORT: String(await freePort()) }),
    ]
    expect(await refusal(onSamePort)).toBe(
      `Port ${port} is in use: stop what runs there, or set PORT to another one.`,
    )
    expect(await refusal(onSameData)).toMatch(/^The database in .*pg is in use by process \d+\.$/)
    // An edit that the first notices would load its Worker anew: sockets end, and what local queues hold is lost.
    expect({ files: watchedFiles(), workers: workersOf(home) }).toEqual(untouched)

    const token = await signIn(origin, '+201000000010')
    const fullName = `Mona ${Date.now()}`
    await call(`${origin}/v1/me`, { method: 'PATCH', token, json: { fullName } })
    expect(processesWith(home).length).toBeGreaterThan(2)
    pressCtrlC(first)
    expect(await first.ended).toBe(0)
    await eventually('all of its processes are gone', () => processesWith(home).length === 0)
    expect(existsSync(join(home, 'pg/lock'))).toBe(false)

    const second = start(env)
    await second.says('Ctrl-C ends it all.')
    // The signing keys were kept too, so the token of before still opens the door.
    expect(await call(`${origin}/v1/me`, { token })).toMatchObject({ fullName })
    second.process.kill('SIGTERM')
    expect(await second.ended).toBe(0)

    await rewriteHistory(join(home, 'pg'))
    expect(await refusal(start(env))).toMatch(
      /^Migration 0001_tables was changed after it was applied to this database\. To start anew, delete .*pg\.$/,
    )
  })

  test('--memory keeps no data, and ends with its parent process', {
    timeout: 240_000,
  }, async () => {
    const home = newHome()
    const state = mkdtempSync(join(scratch, 'tmp-'))
    const memory = async () => {
      const stack = start({ KHIDMA_HOME: home, TMPDIR: state, PORT: String(await freePort()) }, ['--memory'])
      await stack.says('Ctrl-C ends it all.')
      return stack
    }
    const [ended, killed] = await Promise.all([memory(), memory()])
    expect(readdirSync(state).filter((name) => name.startsWith('khidma-'))).toHaveLength(2)
    pressCtrlC(ended)
    // npm passes the signal on once more.
    pressCtrlC(ended)
    killed.process.kill('SIGKILL')
    expect(await ended.ended).toBe(0)
    await eventually('all processes are gone', () => processesWith(home).length === 0)
    expect(readdirSync(state).filter((name) => name.startsWith('khidma-'))).toEqual([])
    expect(existsSync(join(home, 'pg'))).toBe(false)
    expect(existsSync(join(home, 'state'))).toBe(false)
  })
})

/** Most of it is waiting for a server that says nothing: the others go on meanwhile. */
describe.concurrent('npm start that fails', () => {
  test('Ctrl-C during the start ends it cleanly', { timeout: 240_000 }, async () => {
    const home = newHome()
    const stack = start({ KHIDMA_HOME: home, PORT: String(await freePort()) })
    await eventually('the database is being opened', () => existsSync(join(home, 'pg/lock')))
    pressCtrlC(stack)
    expect(await stack.ended).toBe(0)
    await eventually('all of its processes are gone', () => processesWith(home).length === 0)
    expect(existsSync(join(home, 'pg/lock'))).toBe(false)
  })

  test('says in one sentence why it does not start', { timeout: 240_000 }, async () => {
    const silent = await listenSilently()
    const closed = await freePort()
    const tryWith = async (env: Record<string, string>) =>
      refusal(start({ KHIDMA_HOME: newHome(), PORT: String(await freePort()), ...env }))
    try {
      const [noPort, noUrl, refused, timeless] = await Promise.all([
        tryWith({ PORT: 'eight' }),
        tryWith({ DATABASE_URL: 'localhost/khidma' }),
        tryWith({ DATABASE_URL: `postgres://khidma@127.0.0.1:${closed}/khidma` }),
        tryWith({ DATABASE_URL: `postgres://khidma@127.0.0.1:${silent.port}/khidma` }),
      ])
      expect(noPort).toBe('PORT is "eight"; it must be a number from 1 to 65535.')
      expect(noUrl).toBe('DATABASE_URL is not a postgres:// address.')
      expect(refused).toBe(`The database does not answer: connect ECONNREFUSED 127.0.0.1:${closed}.`)
      expect(timeless).toMatch(/^The database does not answer: .*timeout.*\.$/)
    } finally {
      silent.server.close()
    }
  })

  test.skipIf(!realPostgres)('names the migration that fails', { timeout: 240_000 }, async () => {
    const { ownerUrl } = await emptyDatabase()
    const owner = await connect(ownerUrl)
    await owner.query('create table users (name text)').finally(() => owner.end())
    const stack = start({ KHIDMA_HOME: newHome(), PORT: String(await freePort()), DATABASE_URL: ownerUrl })
    expect(await refusal(stack)).toBe('Migration 0001_tables failed: relation "users" already exists.')
  })
})

describeReal('npm start on a real Postgres', () => {
  test('migrates and seeds it, twice the same', { timeout: 480_000 }, async () => {
    const { ownerUrl } = await emptyDatabase()
    const counts: unknown[] = []
    for (let round = 0; round < 2; round += 1) {
      const port = await freePort()
      const begun = new Date()
      const stack = start({ KHIDMA_HOME: newHome(), PORT: String(port), DATABASE_URL: ownerUrl })
      await stack.says('Ctrl-C ends it all.')
      expect(stack.output()).toContain(`Postgres at ${new URL(ownerUrl).host}`)
      const found = await call<{ data: unknown[] }>(`http://127.0.0.1:${port}/v1/categories?limit=100`)
      expect(found.data.length).toBeGreaterThan(10)
      const owner = await connect(ownerUrl)
      try {
        await eventually(
          'a run of the cron',
          async () => {
            const { rowCount } = await owner.query('select from retention_runs where started_at > $1', [
              begun,
            ])
            return rowCount
          },
          180_000,
        )
        pressCtrlC(stack)
        expect(await stack.ended).toBe(0)
        counts.push((await owner.query('select count(*) from users')).rows)
      } finally {
        await owner.end()
      }
      expect(stack.output()).not.toContain('The cron')
    }
    expect(counts[1]).toEqual(counts[0])
  })
})

/** When the files were last written that a running stack watches besides its code. */
function watchedFiles(): Record<string, number> {
  const folder = join(import.meta.dirname, '../../public')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(names.map((name) => [name, statSync(join(folder, name)).mtimeMs]))
}

/** The runtime's processes: another one takes over when the Worker is loaded anew. */
const workersOf = (home: string): string[] =>
  processesWith(home).flatMap((line) => /^(\d+) \S*workerd serve/.exec(line)?.[1] ?? [])

/** A server that takes a connection and never says a word. */
function listenSilently(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => {}))
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as { port: number }).port }),
    )
  })
}

/** As if the second migration had read differently when it was applied. */
async function rewriteHistory(dir: string): Promise<void> {
  const { db, close } = await openEmbedded({ dir })
  const { affectedRows } = await db.query(
    `update khidma.applied_sql set sha256 = repeat('0', 64) where path like '%0001_tables.sql'`,
  )
  expect(affectedRows).toBe(1)
  await close()
}
