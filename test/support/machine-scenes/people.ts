import type { World } from '../integrity-world.ts'
import type { Scenes } from './scene.ts'

export const peopleScenes: Scenes = {
  user({ world, state }) {
    const { client } = world
    // The client is there; only their status is to be set.
    return {
      key: client.id as string,
      insert: [
        `update users set status = $1, restorable_until = now() + interval '1 day' where id = $2`,
        [state, client.id],
      ],
    }
  },
  company({ world, row, state }) {
    const { client } = world
    return {
      key: client.id as string,
      insert: row('user_id, company_name, approval_status', client.id, 'Nile Fittings', state).insert,
    }
  },
  async company_member({ world, id, row, state }) {
    const { client, tasker } = world
    // Its account becomes the owner by itself.
    await anOpenCompanyOf(world)
    return row(
      'id, company_id, user_id, role, status, expires_at',
      ...[
        id,
        client.id,
        tasker.id,
        'tasker',
        state,
        state === 'invited' ? new Date(Date.now() + 60_000) : null,
      ],
    )
  },
  export({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, user_id, status, storage_key, expires_at',
      ...[id, client.id, state, state === 'expired' ? null : 'exports/x', new Date()],
    )
  },
  erasure({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, user_id, status, scheduled_for, next_at',
      ...[id, client.id, state, new Date(), new Date()],
    )
  },
}

/** The client as a company that is open. */
export async function anOpenCompanyOf({ connection, client }: World): Promise<void> {
  await connection.query(`update users set account_type = 'company' where id = $1`, [client.id])
  await connection.query(
    `insert into company_profiles (user_id, company_name, approval_status) values ($1, 'Nile Fittings', 'approved')`,
    [client.id],
  )
  await connection.query('select khidma.found_company($1)', [client.id])
}
