import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type CandidateFields,
  putCandidateProfile,
} from '../../src/areas/people/profiles/business-profiles.ts'
import { updateUserProfile } from '../../src/areas/people/profiles/personal-profiles.ts'
import { purgeMedia } from '../../src/areas/platform/media/jobs.ts'
import { newId } from '../../src/core/ids.ts'
import { openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const aProfile: Omit<CandidateFields, 'resumeMediaId'> = {
  displayName: null,
  bio: null,
  city: null,
  experienceYears: null,
  preferredRoles: [],
  skills: ['surveying'],
  experience: [],
  education: [],
  expectedSalary: null,
  status: 'draft',
  visibility: 'companies',
  lookingForWork: false,
  contact: null,
}

describeReal('files, shown and taken away from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 12)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const query = async <Row extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query<Row>(text, params)).rows

  /** Somebody with a file of theirs, whose end is near or past. */
  async function somebody(ends: string, kind = 'image') {
    const [userId, mediaId] = [newId(), newId()]
    await query('insert into users (id, phone) values ($1, $2)', [userId, aPhone()])
    await query(
      `insert into media_files (id, user_id, kind, storage_key, storage_url) values ($1, $2, $3, $4, 'r2://x')`,
      [mediaId, userId, kind, `media/${userId}/${mediaId}`],
    )
    await query('update media_files set uploaded_at = now() where id = $1', [mediaId])
    await query('update media_files set expires_at = now() + $2::interval where id = $1', [mediaId, ends])
    return { mediaId, userId, act: () => contexts.contextOf({ id: userId, role: 'client' }) }
  }

  it('no profile keeps a deleted picture', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 30; round += 1) {
      const { mediaId, act } = await somebody('0 seconds')
      const [shown] = await Promise.all([
        outcomeOf(updateUserProfile(act(), { avatarMediaId: mediaId }, null)),
        purgeMedia(contexts.systemContext('cron'), 1_000),
      ])
      const [row] = await query<{ is_there: boolean; is_shown: boolean; ends: boolean }>(
        `select m.uploaded_at is not null as is_there, khidma.is_media_shown(m) as is_shown, m.expires_at is not null as ends
           from media_files m where m.id = $1`,
        [mediaId],
      )
      seen.add(shown)
      expect([shown, row]).toEqual(
        shown === 'ok'
          ? ['ok', { is_there: true, is_shown: true, ends: false }]
          : ['media_refused', { is_there: false, is_shown: false, ends: false }],
      )
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  it('a file moved between two places concurrently is kept', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { mediaId, userId, act } = await somebody('7 days', 'document')
      await contexts
        .systemContext('test')
        .db.write([sql`insert into user_profiles (user_id, avatar_media_id) values (${userId}, ${mediaId})`])
      const outcomes = await Promise.all([
        outcomeOf(updateUserProfile(act(), { avatarMediaId: null }, null)),
        outcomeOf(putCandidateProfile(act(), { ...aProfile, resumeMediaId: mediaId }, null)),
      ])
      expect(outcomes).toEqual(['ok', 'ok'])
      expect(
        await query('select expires_at from media_files where id = $1', [mediaId]),
        'shown, and not to go',
      ).toEqual([{ expires_at: null }])
    }
  })
})
