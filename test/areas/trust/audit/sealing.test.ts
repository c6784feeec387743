import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { runScheduled } from '../../../../src/scheduled.ts'
import { database, env } from '../../../support/api.ts'
import { sealWhatWaits } from '../../../support/sealed.ts'
import { aClient } from '../../../support/story.ts'

const cron = () =>
  runScheduled(createScheduledController({ cron: '* * * * *' }), env, createExecutionContext())

const unsealedOf = async (userId: string) =>
  (
    await database().read<{ rows: number; unsealed: number }>(sql`
      select count(*)::int as rows, (count(*) filter (where hash is null))::int as unsealed
        from audit_log where subject_user_id = ${userId}`)
  )[0]

describe('the cron', () => {
  it('seals the audit log even if other jobs fail', async () => {
    // Entries left by thousands of tests may be more than one run takes.
    await sealWhatWaits()
    const { userId } = await aClient()
    const before = await unsealedOf(userId)
    expect(before?.unsealed).toBe(before?.rows)
    expect(before?.rows).toBeGreaterThan(0)
    await cron()
    expect(await unsealedOf(userId)).toEqual({ rows: before?.rows, unsealed: 0 })
  }, 300_000)

  it('logs an error when rows have been unsealed for too long', async () => {
    await database().write([
      sql`insert into audit_log (id, actor_role, action, created_at) values (${newId()}, 'system', 'test.late', now() - interval '6 minutes')`,
    ])
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      await cron()
      const late = expect.objectContaining({
        message: 'audit.seal_overdue',
        rows: expect.any(Number),
      })
      expect(logged).toHaveBeenCalledWith(late)
    } finally {
      logged.mockRestore()
    }
  }, 60_000)
})
