import { areas } from '../areas/index.ts'
import type { Area } from './area.ts'
import type { ConfigKey } from './config.ts'
import { lazy } from './lazy.ts'

type KeysOf<A> = A extends { config: () => Promise<{ config: infer C }> } ? keyof C & string : never

/** Name of a key that some area declares. */
export type ConfigKeyName = KeysOf<(typeof areas)[number]>

/** Every key, by name. It builds their schemas: for the operations of configuration and for generators, not for other verbs. */
export const configKeys = lazy(async (): Promise<ReadonlyMap<string, ConfigKey>> => {
  const declared = await Promise.all((areas as readonly Area[]).map((area) => area.config?.()))
  return new Map(declared.flatMap((module) => Object.entries(module?.config ?? {})).sort())
})
