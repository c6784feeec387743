import fc from 'fast-check'
import { expect, it } from 'vitest'
import { getPublicProfile } from '../../src/areas/supply/directory/search.ts'
import {
  createRoleProfile,
  decideVersion,
  submitRoleProfile,
  updateRoleProfile,
} from '../../src/areas/supply/professions/role-profiles.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, type Person } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { raceWorld } from '../support/race-world.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const width = 8

/** Each another one, without digits: they would look like a number to call. */
let lastText = 0
function aText(): string {
  lastText += 1
  const letters = [...String(lastText)].map((digit) => String.fromCharCode(97 + Number(digit))).join('')
  return `Weddings and portraits ${letters}`
}

const acts = ['edit', 'submit', 'approve', 'reject'] as const
type Act = (typeof acts)[number]

describeReal('versions of a role profile, in any order and at once', () => {
  const { world, as, query } = raceWorld(width)

  async function aDraft(): Promise<{ id: string; tasker: Person & { id: string } }> {
    const tasker = { id: newId(), role: 'tasker' }
    await query('insert into users (id, phone, role) values ($1, $2, $3)', [tasker.id, aPhone(), 'tasker'])
    await asOwner(world.connection, () =>
      query(`insert into tasker_profiles (user_id, status) values ($1, 'active')`, [tasker.id]),
    )
    const { id } = await createRoleProfile(as(tasker), {
      displayName: 'Mona Adel Photography',
      bio: aText(),
      attributes: { profession: 'photographer', specialties: ['weddings'], studioAvailable: true },
      isPublic: true,
    } as Parameters<typeof createRoleProfile>[1])
    return { id, tasker }
  }

  /** The version that waits as its reviewer has read it, which may be another one by the time of the decision. */
  const waitingVersion = async (id: string): Promise<string> => {
    const rows = await query<{ id: string }>(
      `select id from role_profile_versions where profile_id = $1 order by number desc limit 1`,
      [id],
    )
    return rows[0]?.id ?? newId()
  }

  async function perform(act: Act, id: string, tasker: Person, versionId: string): Promise<string> {
    const ops = as(world.ops)
    if (act === 'edit') return outcomeOf(updateRoleProfile(as(tasker), id, { bio: aText() }, null))
    if (act === 'submit') return outcomeOf(submitRoleProfile(as(tasker), id))
    return outcomeOf(decideVersion(ops, id, versionId, act === 'approve' ? null : 'Please write more.'))
  }

  /** The page and the directory show a version that was approved, and nothing else. */
  async function expectNothingUnapproved(id: string, tasker: Person): Promise<void> {
    const shown = await getPublicProfile(as(tasker), id).catch(() => null)
    const [row] = await query<{
      bio: string | null
      status: string | null
      open: number
      cases: number
      stale: number
    }>(
      `select v.bio, v.approval_status as status,
              (select count(*)::int from role_profile_versions o where o.profile_id = p.id and o.approval_status in ('draft', 'pending')) as open,
              (select count(*)::int from cases c join role_profile_versions o on o.id = c.subject_id
                where o.profile_id = p.id and c.status <> 'closed' and o.approval_status <> 'pending') as cases,
              (select count(*)::int from directory_entries e join directory_source s on s.id = e.id
                where e.id = p.id and e.search_vector is distinct from s.search_vector) as stale
         from role_profiles p left join role_profile_versions v on v.id = p.public_version_id where p.id = $1`,
      [id],
    )
    expect(shown?.bio ?? null).toBe(row?.bio ?? null)
    if (row?.bio) expect(row.status).toBe('approved')
    expect(row?.open).toBeLessThanOrEqual(1)
    expect(row).toMatchObject({ cases: 0, stale: 0 })
  }

  const anAct = fc.constantFrom(...acts)

  it.each([
    ['people decide', 'never'],
    ['the system decides alone', 'new'],
  ])('never show what was not approved, where %s', async (_name, tier) => {
    await asOwner(world.connection, async () => {
      await query(`delete from config_entries where key = 'approval.automatic'`)
      await query(
        `insert into config_entries (id, key, value, valid_during, reason)
         values ($1, 'approval.automatic', $2, tstzrange(now() - interval '1 hour', null), 'A test')`,
        [newId(), JSON.stringify({ verification: 'never', role_profile_version: tier, company: 'never' })],
      )
    })
    const rounds = fc.array(fc.array(anAct, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(rounds, async (steps) => {
        const { id, tasker } = await aDraft()
        for (const atOnce of steps) {
          const versionId = await waitingVersion(id)
          await Promise.all(atOnce.map((act) => perform(act, id, tasker, versionId)))
          await expectNothingUnapproved(id, tasker)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('approve what was read, and not the edit beside the approval', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id, tasker } = await aDraft()
      await asOwner(world.connection, () =>
        query(`delete from config_entries where key = 'approval.automatic'`),
      )
      await submitRoleProfile(as(tasker), id)
      const versionId = await waitingVersion(id)
      const [approved] = await Promise.all([
        perform('approve', id, tasker, versionId),
        perform('edit', id, tasker, versionId),
      ])
      const [row] = await query<{ shown: string | null }>(
        'select public_version_id as shown from role_profiles where id = $1',
        [id],
      )
      expect(row?.shown ?? null).toBe(approved === 'ok' ? versionId : null)
    }
  })
})
