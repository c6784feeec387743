import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const OWNER = 'postgres'
const START_TIMEOUT_MS = 20_000
const run = promisify(execFile)

export type Cluster = { url: string; close(): Promise<void> }

/** A throw-away server in a temporary folder. It goes with this process, however that ends. */
export async function startCluster(bin: string, { durable = false } = {}): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'khidma-pg-'))
  const identity = unprivileged()
  if (identity) chownSync(folder, identity.uid, identity.gid)
  chmodSync(folder, 0o700)
  const data = join(folder, 'data')
  let server: ChildProcess | undefined
  const removeNow = () => {
    // Immediate shutdown: the parent stops its children at once, and nothing is worth a checkpoint.
    server?.kill('SIGQUIT')
    removeFolder(folder)
  }
  const forget = onExit(removeNow)
  try {
    const initdb = ['-D', data, '-U', OWNER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
    await run(join(bin, 'initdb'), initdb, { ...identity, cwd: folder })
    const port = await freePort()
    server = spawn(join(bin, 'postgres'), ['-D', data, ...settings(port, folder, durable)], {
      ...identity,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const log = keepTail(server)
    const url = `postgres://${OWNER}@127.0.0.1:${port}/postgres`
    await answers(url, server, log)
    const stopped = new Promise((resolve) => server?.once('exit', resolve))
    return {
      url,
      async close() {
        forget()
        server?.kill('SIGINT')
        await stopped
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    forget()
    removeNow()
    throw error
  }
}

/** Without awaiting, for an exit handler: Postgres writes its last files for some milliseconds more. */
function removeFolder(folder: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let attempt = 0; attempt < 60; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Not empty yet. With `force` it may also fail without saying so.
    }
    if (!existsSync(folder)) return
    Atomics.wait(pause, 0, 0, 50)
  }
}

function settings(port: number, folder: string, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    max_connections: 200,
    shared_buffers: '256MB',
    timezone: 'UTC',
    log_min_messages: 'fatal',
    logging_collector: 'off',
    jit: 'off',
  }
  if (!durable) Object.assign(values, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' })
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Postgres refuses to run as root: then it runs as the `postgres` user of the machine. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // Try the next one.
    }
  }
  return undefined
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

function keepTail(server: ChildProcess): () => string {
  let tail = ''
  server.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-2000)
  })
  return () => tail.trim().split('\n').at(-1) ?? ''
}

async function answers(url: string, server: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    if (server.exitCode !== null) throw new Error(`Postgres did not start: ${log()}`)
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      return
    } catch (error) {
      if (Date.now() > deadline) throw new Error('Postgres did not start in time.', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 30))
    } finally {
      await client.end().catch(() => {})
    }
  }
}

/** Runs `work` when the process ends or receives a signal; the usual effect of the signal stays. */
function onExit(work: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const onSignal = (signal: NodeJS.Signals) => {
    forget()
    work()
    // Somebody else who listens ends the process in their own way.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = () => {
    process.off('exit', work)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.once('exit', work)
  for (const signal of signals) process.on(signal, onSignal)
  return forget
}
