import type pg from 'pg'
import type { Verification } from '../../src/areas/trust/audit/chain.ts'
import { newId } from '../../src/core/ids.ts'
import { type openWorld, transaction } from './integrity-world.ts'

/** The audit chain as tests write, seal and verify it. */

export type World = Awaited<ReturnType<typeof openWorld>>
export type Connection = pg.Client

export const plenty = 100_000
export const dayOf = (time: Date) => time.toISOString().slice(0, 10)
export const today = () => dayOf(new Date())
export const seal = async (on: Connection): Promise<{ sealed: number; overdue: number }> =>
  (await on.query('select * from khidma.seal_audit($1, true)', [plenty])).rows[0]

export const verify = async (on: Connection, from: string, to = today()) =>
  (await on.query('select * from khidma.verify_audit($1, $2, null, null, $3)', [from, to, plenty]))
    .rows[0] as {
    verified: number
    redacted: number
    sealed_late: number
    complete: boolean
    broken: Verification['broken']
  }

export const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code
export const refusalOf = (attempt: Promise<unknown>) => attempt.then(() => 'done', codeOf)

export const rename = (connection: Connection, world: World, name: string) =>
  transaction(connection, world.ops, () =>
    connection.query('update users set full_name = $2 where id = $1', [world.client.id, name]),
  )

/** As a row that was written at that time. The owner may say when. */
export const writeAt = async (connection: Connection, at: string): Promise<string> => {
  const id = newId()
  await connection.query(
    `insert into audit_log (id, actor_role, action, target_type, created_at, meta) values ($1, 'system', 'x.y', 'users', $2, '{"n": 1}')`,
    [id, at],
  )
  return id
}
