import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Its message is one sentence fit for a terminal. */
export class LockHeld extends Error {
  override name = 'LockHeld'
}

/**
 * Holds a file for this process, or throws one sentence about who holds it. A dead holder's file is taken over at once.
 * Not `proper-lockfile`: its locks are kept fresh by a timer and go stale by age. After a SIGKILL the next start would wait
 * for seconds, while a process that was only suspended (Ctrl-Z, a laptop that sleeps) would lose its lock and two would
 * write one database; and it cannot say which process holds it.
 */
export function takeLock(path: string, what: string): () => void {
  mkdirSync(dirname(path), { recursive: true })
  const mine = describe(process.pid)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (createWhole(path, mine)) {
      const release = () => {
        process.off('exit', release)
        releaseLock(path, mine)
      }
      process.once('exit', release)
      return release
    }
    const holder = read(path)
    if (holder === undefined) continue
    if (isAlive(holder)) throw new LockHeld(`${what} is in use by process ${holder.split(' ')[0]}.`)
    discard(path, holder)
  }
  throw new LockHeld(`${what} is being opened by another process.`)
}

/** Creates a file unless there is one. It is linked into place whole: nobody reads a half-written one. */
export function createWhole(path: string, content: string, mode = 0o644): boolean {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, content, { mode })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Two processes may find the same dead holder: only what was read is thrown away, a newer lock is put back. */
function discard(path: string, holder: string): void {
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (readFileSync(aside, 'utf8') !== holder) createWhole(path, readFileSync(aside, 'utf8'))
  rmSync(aside, { force: true })
}

function releaseLock(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true })
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Pids repeat (in containers at once), so on Linux the time at which the process started is part of the name. */
function describe(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${pid} ${startedAt}`
  } catch {
    return `${pid}`
  }
}

function isAlive(holder: string): boolean {
  const pid = Number.parseInt(holder, 10)
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return describe(pid) === holder
}
