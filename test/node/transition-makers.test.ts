import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { areas, machines } from '../../src/areas/index.ts'
import type { Machine, Transition } from '../../src/core/machine.ts'
import { readSqlInventory } from '../../tools/sql/inventory.ts'
import { makers, unmade } from '../support/transition-makers.ts'

const root = join(import.meta.dirname, '../..')

interface Made {
  operationId: string
  machine: string
  action: string
}
const operations = JSON.parse(
  execFileSync('node', [join(root, 'tools/contract/transitions.ts')], { encoding: 'utf8' }),
) as Made[]

/** Jobs that collect what timers and deadlines of a machine have made due, with their areas. */
const collectors: Record<string, { area: string; job: string }> = {
  task: { area: 'matching', job: 'restartMatching' },
  booking: { area: 'bookings', job: 'bookingDeadlines' },
  dispute: { area: 'disputes', job: 'deadlinesOfDisputes' },
}

const booking = machines.find(({ name }) => name === 'booking') as Machine
const drivenTo = (step: Transition, party: string) =>
  typeof step.drivesTask === 'object' ? step.drivesTask[party] : step.drivesTask

/** Everything that makes a transition in the name of a party; empty: nothing does. */
function makersOf(machine: Machine, step: Transition, party: string): string[] {
  const { name, from, to, after } = step
  const isHuman = party !== 'system' && party !== 'provider'
  const called = operations.filter(
    ({ machine: of, action }) =>
      isHuman && !step.derived && of === machine.name && action === name && !from.includes(null),
  )
  const drivers =
    machine.name === 'task'
      ? booking.transitions.filter((each) => each.by.includes(party) && drivenTo(each, party) === to)
      : []
  const named = makers[`${machine.name} ${name} ${party}`] ?? makers[`${machine.name} ${name}`] ?? []
  return [
    ...called.map(({ operationId }) => operationId),
    ...(after && party === 'system' ? [`job ${collectors[machine.name]?.job}`] : []),
    ...drivers.map((each) => `booking ${each.name}`),
    ...named,
  ]
}

const rows = machines.flatMap((machine) =>
  machine.transitions.flatMap((step) => step.by.map((party) => ({ machine, step, party }))),
)
const nameOf = ({ machine, step, party }: (typeof rows)[number]) => `${machine.name} ${step.name} ${party}`

describe('a row of state_transitions', { timeout: 120_000 }, () => {
  it('is made by an operation, a timer, a trigger or another machine, or is in the list that shrinks', () => {
    const without = rows.filter((row) => makersOf(row.machine, row.step, row.party).length === 0).map(nameOf)
    expect([...new Set(without)].sort()).toEqual([...unmade].sort())
  })

  it('names makers that write its state', () => {
    const { functions } = readSqlInventory()
    const wrong = Object.entries(makers).flatMap(([key, names]) => {
      const [machineName, action] = key.split(' ')
      const machine = machines.find(({ name }) => name === machineName)
      const steps = machine?.transitions.filter(({ name }) => name === action) ?? []
      if (!machine || steps.length === 0) return [`${key}: no such transition`]
      return names.flatMap((name) => {
        const text = name.startsWith('khidma.')
          ? functions.find((each) => each.name === name)?.text
          : existsSync(join(root, name)) && readFileSync(join(root, name), 'utf8')
        if (!text) return [`${key}: ${name} is not there`]
        // One function moves every task along.
        const writes = new RegExp(`(update|into)\\s+${machine.table}\\b|move_task\\(`).test(text)
        return writes ? [] : [`${key}: ${name} does not write ${machine.table}`]
      })
    })
    expect(wrong).toEqual([])
  })

  it('by a timer is collected by a job, and by a deadline that its machine declares', async () => {
    for (const { machine, step } of rows.filter(({ step: { after } }) => after)) {
      const { area, job } = collectors[machine.name] ?? {}
      const found = areas.find(({ name }) => name === area)
      expect(found && 'jobs' in found && Object.keys((await found.jobs()).jobs), machine.name).toContain(job)
      const { deadline, seconds } = step.after ?? {}
      expect(seconds !== undefined || (deadline !== undefined && deadline in (machine.deadlines ?? {}))).toBe(
        true,
      )
      expect(step.by).toEqual(['system'])
    }
  })

  it('is what each entry of the tables of makers is about', () => {
    const keys = new Set(rows.flatMap((row) => [nameOf(row), `${row.machine.name} ${row.step.name}`]))
    expect(Object.keys(makers).filter((key) => !keys.has(key))).toEqual([])
    expect(new Set(unmade).size).toBe(unmade.length)
  })
})
