import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The workerd processes that this process has started. */
export function childProcesses(): number[] {
  return processTable()
    .filter(({ parent, command }) => parent === process.pid && /workerd/.test(command))
    .map(({ pid }) => pid)
}

function processTable(): { pid: number; parent: number; command: string }[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), command: command.join(' ') }
  })
}

/** Bytes of physical memory that a process holds now. */
export function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) * 1024
}

/** Bytes of physical memory that a process shares with nobody: of a Postgres backend what it keeps itself, plans above all. */
export function ownBytes(pid: number): number {
  const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** The highest of what was seen, ten times a second. */
export function watchResident(pid: number): { stop(): number } {
  let peak = residentBytes(pid)
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid))
  }, 100)
  return {
    stop() {
      clearInterval(timer)
      return Math.max(peak, residentBytes(pid))
    },
  }
}

/** Seconds of processor time that a process has used; null where the system does not tell. */
export function cpuSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return null
  }
}

/** Milliseconds of processor time that a process has used, to the nanosecond where it sleeps: Linux only. */
export const cpuTimeMs = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000_000
