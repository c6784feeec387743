import { loadavg } from 'node:os'
import { slotsOf } from '../../../src/areas/work/calendar/slots.ts'
import { newId } from '../../../src/core/ids.ts'
import { createUnit } from '../../../src/db/unit.ts'
import { type BenchDatabase, withDatabase } from '../database.ts'
import { answersOf, type Measured, measure, measureShapes, warmUp } from '../questions.ts'
import { type BenchOptions, perSecond, type Report, type Section } from '../section.ts'
import { actorOf, shapesOf, slotWindow } from '../sourcing/calls.ts'
import { countsOf, prepareScene, type Scene } from '../sourcing/scene.ts'

export const sourcing: Section = { name: 'sourcing', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const calls = quick ? 10 : 200
  const work = async (database: BenchDatabase) => {
    const scene = await prepareScene(database.owner, countsOf(quick ? 20_000 : 1_000_000))
    const loads = [loadavg()[0] ?? 0]
    const measured = await measureShapes(workshop, database, shapesOf(scene, calls + warmUp))
    const all = { what: 'slotsOf: all slots of 50 taskers in 7 days', goal: 100 }
    measured.push(await measure(database, all, calls + warmUp, (index) => allSlots(database, scene, index)))
    loads.push(loadavg()[0] ?? 0)
    return { ...report(scene, measured, loads), postgres: database.version }
  }
  return withDatabase(work, { connections: 1 })
}

/** No operation lists slots of many taskers; the statement for it is sent through a unit of work of its own. */
async function allSlots(
  { bindings }: BenchDatabase,
  { taskers, awards }: Scene,
  turn: number,
): Promise<number> {
  const { taskerIds, question } = slotWindow(taskers, turn)
  const client = awards[turn % awards.length]?.client
  if (!client) throw new Error('There is no client.')
  const actor = actorOf(client)
  const unit = createUnit({ env: bindings, actor, requestId: newId() })
  const rows = await unit.read(slotsOf(actor, taskerIds, question))
  if (rows.length === 0) throw new Error('There were no slots.')
  return unit.roundTrips
}

function report({ counts, rows }: Scene, measured: Measured[], loads: number[]): Report {
  const load = [...new Set(loads.map((each) => each.toFixed(1)))].join(' to ')
  return {
    title: 'Tasks, bids and calendars',
    method: [
      `${perSecond(counts.tasks)} tasks in five cities, of which ${perSecond(rows.open_tasks ?? 0)} take bids and ${perSecond(counts.queued)} wait for staff, ${perSecond(rows.bids ?? 0)} bids,`,
      `${perSecond(counts.taskers)} taskers with hours, absences and guards, ${perSecond(rows.bookings ?? 0)} bookings with their visits, ${perSecond(rows.calendar_items ?? 0)} items in calendars. Texts in English, Arabic,`,
      'Russian and Hindi. The Worker answers each question over HTTP in one round trip, one after the other; measured is the round trip, from its',
      'arrival at the Neon endpoint to the end of what Postgres answers, and the processor time of the one backend. Plans have settled before.',
      'No operation lists slots of many taskers: `slotsOf` is sent through a unit of work of its own.',
      `Load of the machine in that time: ${load}. Times depend on it; processor times hardly.`,
    ].join('\n'),
    ...answersOf(measured),
  }
}
