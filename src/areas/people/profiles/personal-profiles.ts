import type { Context, UserActor } from '../../../core/context.ts'
import type { JsonRow } from '../../../db/json.ts'
import type { RowPatch } from '../../../db/patch.ts'
import { clientProfiles, userProfiles, userSettings } from '../../../db/schema/people/profiles.ts'
import { changeOwn, mediaStand, readOwn, type Unborn } from './own-rows.ts'

/**
 * Profiles that every user has from the first day, with defaults until the user sets something: profile, settings, client
 * profile.
 */

export type UserProfileRow = JsonRow<typeof userProfiles> | Unborn
export type SettingsRow = JsonRow<typeof userSettings> | Unborn
export type ClientProfileRow = JsonRow<typeof clientProfiles> | Unborn

type Owned = 'userId' | 'createdAt' | 'updatedAt' | 'version'
export type UserProfileFields = Omit<RowPatch<typeof userProfiles>, Owned>
export type SettingsFields = Omit<RowPatch<typeof userSettings>, Owned>
export type ClientProfileFields = Omit<RowPatch<typeof clientProfiles>, Owned>

export const getUserProfile = (ctx: Context<UserActor>): Promise<UserProfileRow> => readOwn(ctx, userProfiles)

export function updateUserProfile(
  ctx: Context<UserActor>,
  patch: UserProfileFields & { avatarMediaId?: string | null | undefined },
  expectedVersion: number | null,
): Promise<UserProfileRow> {
  const pictures = mediaStand(ctx.actor.userId, [patch.avatarMediaId], ['image'])
  return changeOwn(ctx, userProfiles, patch, expectedVersion, pictures)
}

export const getSettings = (ctx: Context<UserActor>): Promise<SettingsRow> => readOwn(ctx, userSettings)

export const updateSettings = (
  ctx: Context<UserActor>,
  patch: SettingsFields,
  expectedVersion: number | null,
): Promise<SettingsRow> => changeOwn(ctx, userSettings, patch, expectedVersion)

export const getClientProfile = (ctx: Context<UserActor>): Promise<ClientProfileRow> =>
  readOwn(ctx, clientProfiles)

export const updateClientProfile = (
  ctx: Context<UserActor>,
  patch: ClientProfileFields,
  expectedVersion: number | null,
): Promise<ClientProfileRow> => changeOwn(ctx, clientProfiles, patch, expectedVersion)
