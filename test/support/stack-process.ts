import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'

const projectRoot = join(import.meta.dirname, '../..')

export interface Running {
  process: ChildProcess
  output(): string
  /** Resolves with the exit code. */
  ended: Promise<number | null>
  /** Waits until the output has this in it; fails when the process ends before. */
  says(text: string): Promise<void>
}

/** A tool of this project as a person runs it. */
export const runTool = (script: string, args: string[], env: Record<string, string>): Running =>
  runCommand(process.execPath, [join(projectRoot, script), ...args], env)

/** A real process in a group of its own, as a terminal makes one. */
export function runCommand(command: string, args: string[], env: Record<string, string>): Running {
  // Vitest's own environment (NODE_ENV, VITEST …) is no part of what a person has.
  const { NODE_ENV: _, VITEST: __, NODE_OPTIONS: ___, DATABASE_URL: ____, ...inherited } = process.env
  const child = spawn(command, args, {
    cwd: projectRoot,
    detached: true,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      changed()
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    process: child,
    output: () => printed,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!printed.includes(text)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
        void ended.then((code) => reject(new Error(`It ended with ${code} and said:\n${printed}`)))
      }),
  }
}

/** Ctrl-C: the terminal signals everybody in the foreground group. */
export function pressCtrlC({ process: child }: Running): void {
  if (child.pid) process.kill(-child.pid, 'SIGINT')
}

/** Pids of the processes in whose environment this text is: they inherit it, whoever started them. */
export function processesWith(text: string): string[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  }).split('\n')
  return lines.filter((line) => line.includes(text) && !line.includes('ps axeww')).map((line) => line.trim())
}

let lastPort = 10_000 + (process.pid % 200) * 100

/** Below those that the system hands out: nobody else is given it between now and its use. */
export async function freePort(): Promise<number> {
  for (;;) {
    lastPort += 1
    const port = lastPort
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
