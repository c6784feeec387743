/** Abilities of a user that staff can restrict one by one. */
export const switches = ['post', 'transact', 'read'] as const
export type Switch = (typeof switches)[number]

export interface Restriction {
  reason: string
  /** Null: until staff lift it. */
  until: string | null
  since: string
  by: string | null
}
export type Restrictions = Partial<Record<Switch, Restriction>>

/** Lists the abilities that are restricted at an instant. */
export const activeRestrictions = (
  restrictions: Restrictions,
  now: number = Date.now(),
): ({ switch: Switch } & Restriction)[] =>
  switches.flatMap((name) => {
    const off = restrictions[name]
    const isActive = off !== undefined && (off.until === null || Date.parse(off.until) > now)
    return isActive ? [{ switch: name, ...off }] : []
  })
