import { expect, it } from 'vitest'
import { endWaiver } from '../../src/areas/supply/requirements/requirements.ts'
import { moveTasker } from '../../src/areas/supply/taskers/profiles.ts'
import { approveVerification, rejectVerification } from '../../src/areas/supply/verification/reviews.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, type Person } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { raceWorld } from '../support/race-world.ts'
import { outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const width = 20

describeReal('requirements and reviews, from many connections at once', () => {
  const { world, as, query } = raceWorld(width)

  async function aPerson(role: 'client' | 'tasker' | 'ops'): Promise<Person & { id: string }> {
    const id = newId()
    await query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), role])
    return { id, role }
  }

  it('a waiver that ends beside an activation leaves nobody active without what is required', async () => {
    const ops = await aPerson('ops')
    const taskers = await Promise.all(Array.from({ length: width / 2 }, () => aPerson('tasker')))
    const waivers = taskers.map(() => newId())
    await asOwner(world.connection, async () => {
      for (const [n, { id }] of taskers.entries()) {
        await query(`insert into tasker_profiles (user_id, status) values ($1, 'verified')`, [id])
        await query(
          `insert into requirement_waivers (id, requirement_id, subject_kind, subject_id, reason)
           select $1, id, 'tasker', $2, 'A test' from requirements where kind = 'identity'`,
          [waivers[n], id],
        )
      }
    })
    await times(width, (n) => {
      const pair = n >> 1
      return n % 2 === 0
        ? outcomeOf(moveTasker(as(ops), taskers[pair]?.id ?? '', 'activate'))
        : outcomeOf(endWaiver(as(ops), waivers[pair] ?? ''))
    })
    const rows = await query<{ status: string; met: boolean }>(
      `select p.status, khidma.requirements_met('tasker', p.user_id) as met from tasker_profiles p where p.user_id = any ($1)`,
      [taskers.map(({ id }) => id)],
    )
    expect(rows).toHaveLength(width / 2)
    expect(rows.filter(({ met }) => met)).toEqual([])
    expect(rows.filter(({ status }) => status === 'active')).toEqual([])
  })

  it('two reviewers who decide at once decide once, and the case has that decision', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [person, first, second, id] = [
        await aPerson('client'),
        await aPerson('ops'),
        await aPerson('ops'),
        newId(),
      ]
      await asOwner(world.connection, () =>
        query(
          `insert into verification_requests (id, user_id, subject_id, verification_type, document_type)
           values ($1, $2, $2, 'document', 'diploma')`,
          [id, person.id],
        ),
      )
      await query(
        `select khidma.open_case('verification', 'verification_request', $1, 'verification', null)`,
        [id],
      )
      const outcomes = await times(2, (n) =>
        outcomeOf(
          n === 0
            ? approveVerification(as(first), id, undefined, 1)
            : rejectVerification(as(second), id, 'No', 1),
        ),
      )
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
      const [row] = await query<{ status: string; decision: string; cases: number }>(
        `select r.status, c.decision, count(*) over ()::int as cases from verification_requests r
           join cases c on c.subject_id = r.id and c.kind = 'verification' where r.id = $1`,
        [id],
      )
      expect(row).toMatchObject({ decision: row?.status, cases: 1 })
    }
  })
})
