import { newId } from '../../../src/core/ids.ts'
import { anOpenCompanyOf } from './people.ts'
import type { Scenes } from './scene.ts'

export const jobsScenes: Scenes = {
  async job_posting({ world, id, row, state }) {
    const { connection, client } = world
    await anOpenCompanyOf(world)
    await connection.query(`select khidma.grant_entitlement($1, 'job_posting', 1, 'order', $2)`, [
      client.id,
      id,
    ])
    return row(
      'id, company_id, status, title, description, employment_type, work_mode, country, closes_at, live_at, closed_at, close_reason, search_vector',
      ...[id, client.id, state, 'Plumber', 'Work', 'full_time', 'remote', 'EG'],
      ...[new Date(Date.now() + 60_000), state === 'live' ? new Date() : null],
      ...(state === 'closed' ? [new Date(), 'company'] : [null, null]),
      '',
    )
  },
  async job_application({ world, id, row, state }) {
    const { connection, client, tasker } = world
    await anOpenCompanyOf(world)
    const posting = newId()
    await connection.query(
      `insert into job_postings (id, company_id, status, title, description, employment_type, work_mode, country, closes_at, live_at, search_vector)
     values ($1, $2, 'live', 'Plumber', 'Work', 'full_time', 'remote', 'EG', now() + interval '1 day', now(), '')`,
      [posting, client.id],
    )
    return row(
      'id, posting_id, company_id, user_id, status, ended_at',
      ...[id, posting, client.id, tasker.id, state],
      ['hired', 'rejected', 'withdrawn'].includes(state) ? new Date() : null,
    )
  },
}
