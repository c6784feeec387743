import { newId } from '../../../src/core/ids.ts'
import type { World } from '../integrity-world.ts'
import type { Scenes } from './scene.ts'

export const supplyScenes: Scenes = {
  async tasker({ world, row, state }) {
    const { connection, tasker } = world
    await connection.query('delete from tasker_profiles where user_id = $1', [tasker.id])
    await connection.query(
      `insert into requirement_waivers (id, requirement_id, subject_kind, subject_id, reason)
     select gen_random_uuid(), id, 'tasker', $1, 'A scene' from requirements on conflict do nothing`,
      [tasker.id],
    )
    return {
      key: tasker.id as string,
      insert: row('user_id, status, hourly_rate_amount', tasker.id, state, 12_000).insert,
    }
  },
  role_profile({ world, id, row, state }) {
    const { client } = world
    return row('id, user_id, profession, status', id, client.id, 'photographer', state)
  },
  async role_profile_version({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, profile_id, user_id, number, display_name, attributes, approval_status',
      ...[id, await aRoleProfile(world), client.id, 1, 'Mona', '{"profession": "photographer"}', state],
    )
  },
  verification({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, user_id, subject_id, verification_type, document_type, status',
      ...[id, client.id, client.id, 'document', 'diploma', state],
    )
  },
}

async function aRoleProfile({ connection, client }: World): Promise<string> {
  const id = newId()
  await connection.query(
    "insert into role_profiles (id, user_id, profession, status) values ($1, $2, 'photographer', 'active')",
    [id, client.id],
  )
  return id
}
