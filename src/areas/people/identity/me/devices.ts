import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { type JsonRow, rowColumns } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { userDevices } from '../../../../db/schema/people/identity.ts'
import { one } from '../../../../db/unit.ts'
import { sessionPolicy } from '../limits.ts'

export type DeviceRow = JsonRow<typeof userDevices>

export interface DeviceFields {
  platform: 'ios' | 'android' | 'web'
  pushToken?: string | null | undefined
}

export function listDevices(ctx: Context<UserActor>, page: PageRequest): Promise<DeviceRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`d.id`)
  return ctx.db.read<DeviceRow>(sql`
    select ${rowColumns(userDevices, 'd')} from user_devices d
     where d.user_id = ${ctx.actor.userId} and ${after} ${orderAndLimit}`)
}

/** The app says where it runs and how to reach it; its session is that device's from then on. */
export async function registerDevice(
  ctx: Context<UserActor>,
  deviceId: string,
  { platform, pushToken }: DeviceFields,
): Promise<DeviceRow> {
  const { userId, sessionId } = ctx.actor
  const rows = await ctx.db.write<DeviceRow>(
    [
      // A registration that was overtaken by the log-out must not make the phone ring again.
      sql`select 1 from sessions where id = ${sessionId} for update`,
      sql`select khidma.refuse_ended(user_id) from sessions where id = ${sessionId} and revoked_at is not null`,
      sql`select khidma.register_device(${userId}, ${deviceId}, ${platform}, ${pushToken ?? null}, ${sessionPolicy.devicesAUser})`,
      sql`update sessions set device_id = ${deviceId}
          where id = ${sessionId} and user_id = ${userId} and device_id is distinct from ${deviceId}`,
    ],
    sql`select ${rowColumns(userDevices, 'd')} from user_devices d where d.user_id = ${userId} and d.device_id = ${deviceId}`,
  )
  return one(rows)
}

export async function removeDevice(ctx: Context<UserActor>, deviceId: string): Promise<void> {
  const { userId } = ctx.actor
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists
          (select from user_devices where user_id = ${userId} and device_id = ${deviceId})`,
    sql`delete from user_devices where user_id = ${userId} and device_id = ${deviceId}`,
  ])
}

/**
 * Tokens that their provider knows no more. `source` is a table `a` of `device`, an id, and `deadToken`. A device may have another
 * by now, which it keeps.
 */
export const forgetDeadTokens = (source: SQL): SQL => sql`
  update user_devices d set push_token = null from ${source} where d.id::text = a.device and d.push_token = a."deadToken"`
