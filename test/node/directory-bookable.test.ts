import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countFacets, getPublicProfile, searchDirectory } from '../../src/areas/supply/directory/search.ts'
import { bookService } from '../../src/areas/work/calendar/direct-bookings.ts'
import { newId } from '../../src/core/ids.ts'
import { aPerson } from '../support/calendar-world.ts'
import { asOwner, openWorld, type Person, transaction } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

/** A profile with a service; both by id. */
interface Offered {
  profile: string
  service: string
}
interface Scene {
  tasker: Person
  offered: Offered[]
}
type By = 'ops' | 'tasker' | 'client' | 'system'
interface Write {
  by: By
  sql: string
  values: (string | null)[]
}

const beginnings = ['draft', 'pending', 'public', 'public', 'public'] as const
const professions = ['photographer', 'videographer']

interface Drawn {
  by: By
  kind: string
  to: string
  which: number
}

/** Writes as operations and jobs make them; the guards refuse those that are not possible now. */
const writes: readonly [By, string, ...string[]][] = [
  ['ops', 'tasker_status', 'active', 'at_risk', 'suspended', 'offboarded'],
  ['ops', 'account_status', 'active', 'suspended'],
  ['system', 'account_status', 'active', 'inactive', 'closed'],
  ['ops', 'profile_status', 'active', 'suspended'],
  ['tasker', 'profile_status', 'active'],
  ['tasker', 'visibility', 'true', 'false'],
  ['ops', 'verification', 'pending', 'verified', 'rejected'],
  ['tasker', 'edit', 'Edited once', 'Edited twice'],
  ['ops', 'decision', 'approved', 'rejected'],
  ['tasker', 'deletion', 'now'],
  ['tasker', 'service_active', 'true', 'false'],
  ['tasker', 'service_deletion', 'now'],
  ['ops', 'restriction', 'transact', 'post', 'read'],
  ['ops', 'ended_restriction', 'transact'],
  ['ops', 'lift', 'transact'],
  ['client', 'block', 'on'],
  ['tasker', 'block', 'on'],
  ['client', 'unblock', 'off'],
  ['tasker', 'unblock', 'off'],
]
const each: Drawn[] = writes.flatMap(([by, kind, ...all]) => all.map((to) => ({ by, kind, to, which: 0 })))
const write: fc.Arbitrary<Drawn> = fc
  .record({ of: fc.constantFrom(...each), which: fc.nat(1) })
  .map(({ of, which }) => ({ ...of, which }))

function writeOf({ tasker, offered }: Scene, client: Person, { by, kind, to, which }: Drawn): Write {
  const { profile, service } = offered[which % offered.length] as Offered
  const [blocker, blocked] = by === 'tasker' ? [tasker.id, client.id] : [client.id, tasker.id]
  const made: Record<string, [string, (string | null)[]]> = {
    tasker_status: ['update tasker_profiles set status = $2 where user_id = $1', [tasker.id, to]],
    account_status: [
      'update users set status = $2::text::user_status where id = $1 and status::text <> $2',
      [tasker.id, to],
    ],
    profile_status: ['update role_profiles set status = $2 where id = $1', [profile, to]],
    visibility: ['update role_profiles set is_public = $2 where id = $1', [profile, to]],
    verification: ['update role_profiles set verification_status = $2 where id = $1', [profile, to]],
    edit: [
      `select khidma.revise_role_profile($1, khidma.uuid_v7(), jsonb_build_object('bio', $2::text))`,
      [profile, to],
    ],
    decision: [
      `select case $2 when 'approved' then khidma.approve_role_profile_version(p.pending_version_id)
              else khidma.reject_role_profile_version(p.pending_version_id, 'Say more') end
         from role_profiles p where p.id = $1 and p.pending_version_id is not null`,
      [profile, to],
    ],
    deletion: [
      'update role_profiles set deleted_at = now(), is_public = $2::text is null where id = $1',
      [profile, to],
    ],
    service_active: ['update services set is_active = $2 where id = $1', [service, to]],
    service_deletion: [
      'update services set deleted_at = coalesce(deleted_at, $2) where id = $1',
      [service, to],
    ],
    restriction: [`select khidma.restrict_user($1, array[$2], 'Looked at', null)`, [tasker.id, to]],
    ended_restriction: [
      `select khidma.restrict_user($1, array[$2], 'Looked at', now() - interval '1 second')`,
      [tasker.id, to],
    ],
    lift: [`select khidma.lift_restrictions($1, array[$2], 'Looked at')`, [tasker.id, to]],
    block: [
      'insert into user_blocks (id, blocker_id, blocked_id) values (khidma.uuid_v7(), $1, $2) on conflict do nothing',
      [blocker, blocked],
    ],
    unblock: ['delete from user_blocks where blocker_id = $1 and blocked_id = $2', [blocker, blocked]],
  }
  const [sql, values] = made[kind] as [string, (string | null)[]]
  return { by, sql, values }
}

describeReal('the directory', { timeout: 60_000 }, () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 4)
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into task_categories (id, slug, names) values ($1, 'plumbing', '{"en": "Plumbing", "ar": "سباكة"}')`,
        [newId()],
      ),
    )
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const run = (by: Person, { sql, values }: Write) =>
    transaction(world.connection, by, () => world.connection.query(sql, values))

  /** An active tasker with profiles that are not submitted, wait for a decision, or are public. */
  async function aScene(begun: (typeof beginnings)[number][]): Promise<Scene> {
    const { connection } = world
    const tasker = await aPerson(world, 'tasker')
    const offered: Offered[] = []
    for (const [n, beginning] of begun.entries()) {
      const [profile, version, service] = [newId(), newId(), newId()]
      offered.push({ profile, service })
      const isPublic = beginning === 'public'
      await asOwner(connection, async () => {
        await connection.query(
          `insert into role_profiles (id, user_id, profession, status, approval_status, is_public, public_version_id, pending_version_id)
           values ($1, $2, $3, $4, $5, true, $6, $7)`,
          [
            profile,
            tasker.id,
            professions[n],
            beginning === 'draft' ? 'draft' : 'active',
            isPublic ? 'approved' : 'pending',
            isPublic ? version : null,
            isPublic ? null : version,
          ],
        )
        await connection.query(
          `insert into role_profile_versions (id, profile_id, user_id, number, display_name, bio, attributes, approval_status)
           values ($1, $2, $3, 1, 'Mona', 'Portraits', '{}', $4)`,
          [version, profile, tasker.id, isPublic ? 'approved' : beginning],
        )
        await connection.query(
          `insert into services (id, profile_id, name, category, price_type, price_amount, currency, duration_minutes)
           values ($1, $2, 'Portrait', 'plumbing', 'fixed', 80000, 'EGP', 60)`,
          [service, profile],
        )
      })
    }
    await connection.query('select khidma.refresh_directory($1)', [tasker.id])
    return { tasker, offered }
  }

  const place = { address: 'Tahrir 1', city: 'Cairo', lat: 30.0444, lng: 31.2357 }
  const inHours = (hours: number) =>
    new Date((Math.ceil(Date.now() / 3_600_000) + hours) * 3_600_000).toISOString()

  type Story = [(typeof beginnings)[number][], Drawn[]]
  const story: fc.Arbitrary<Story> = fc.tuple(
    fc.array(fc.constantFrom(...beginnings), { minLength: 1, maxLength: 2 }),
    fc.array(write, { minLength: 2, maxLength: 6 }),
  )

  it('lists exactly the profiles whose services this caller can book', async () => {
    const seen = new Set<string>()
    const made = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(story, { minLength: 12, maxLength: 12 }), async (stories) => {
        const scenes: Scene[] = []
        for (const [begun, drawn] of stories) {
          const scene = await aScene(begun)
          const people = { ...world, tasker: scene.tasker }
          for (const one of drawn)
            if ((await outcomeOf(run(people[one.by], writeOf(scene, world.client, one)))) === 'ok')
              made.add(`${one.by} ${one.kind} ${one.to}`)
          scenes.push(scene)
        }
        const as = () => contexts.contextOf(world.client)
        const found = new Set(
          (await searchDirectory(as(), {}, { limit: 500, after: null })).map(({ id }) => id),
        )
        expect((await countFacets(as(), {})).total).toBe(found.size)
        for (const { offered } of scenes) {
          for (const [n, { profile, service }] of offered.entries()) {
            const isListed = found.has(profile)
            expect(await outcomeOf(getPublicProfile(as(), profile))).toBe(isListed ? 'ok' : 'not_found')
            const { rows } = await world.connection.query<{ state: string }>(
              `select case when deleted_at is not null then 'deleted' when is_active then 'active' else 'inactive' end as state
                 from services where id = $1`,
              [service],
            )
            const state = rows[0]?.state as string
            const order = { startsAt: inHours(48 + 3 * n), extraIds: [], details: place }
            const outcome = await outcomeOf(bookService(as(), service, order))
            seen.add(`${isListed ? 'listed' : 'unlisted'}, ${state}: ${outcome}`)
            if (state === 'active') expect([isListed, outcome]).toEqual([outcome === 'ok', outcome])
            else expect(['not_found', 'service_unavailable', 'party_closed']).toContain(outcome)
          }
        }
      }),
      // First each write by itself, on a profile that is listed.
      { numRuns: 4, examples: [[each.map((one): Story => [['public'], [one]])]] },
    )
    for (const one of [
      'listed, active: ok',
      'unlisted, active: not_found',
      'unlisted, active: slot_unavailable',
    ])
      expect([...seen]).toContain(one)
    for (const one of [
      'account_status',
      'profile_status',
      'restriction',
      'block',
      'visibility',
      'verification',
    ])
      expect([...made].some((write) => write.split(' ')[1] === one)).toBe(true)
  })
})
