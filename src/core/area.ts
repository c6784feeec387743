import type { ConfigKey } from './config.ts'
import type { Locale } from './context.ts'
import type { Job } from './jobs.ts'
import type { Machine } from './machine.ts'
import type { PersonalTable } from './personal-data.ts'
import type { ProblemText } from './problem-texts/problem-text.ts'
import type { RetentionPolicy } from './retention.ts'

/** A permission of staff, `resource.action`. Admins hold every one. */
export interface PermissionEntry {
  description: string
  /** The other system roles that hold it. */
  heldBy?: readonly ('ops' | 'support' | 'finance')[]
}

export interface NotificationText {
  title: string
  body: string
}

/** The people to whom an event is news; its data names each as `<audience>Id`. */
export type Audience =
  | 'client'
  | 'tasker'
  | 'reviewer'
  | 'reviewee'
  | 'user'
  | 'proposer'
  | 'counterparty'
  | 'company'

export interface EventEntry {
  summary: string
  /** ICU MessageFormat with the values of the event's data. Nobody else is notified. */
  notifies?: Partial<Record<Audience, Record<Locale, NotificationText>>>
  /** Recipients whom its data does not name are people of the company: they are notified as its account is, unless one of them did it. */
  notifiesMembers?: true
}

/**
 * All that the rest of the house must know of an area. `area.ts` is light, since queues, crons and objects load it too:
 * what builds schemas is named by a lazy import.
 */
export interface Area {
  /** Its folder's name; also the module of its entries in the audit log. */
  name: string
  /** Chapters that it adds to the API reference. An operation may belong to the chapter of another area. */
  tags?: Readonly<Record<string, string>>
  /** An `OpenAPIHono`, mounted at the root. */
  routes?: () => Promise<{ routes: object }>
  /** Each table of the area: what an export shows of it, and what an erasure does to it. */
  personalData?: () => Promise<{ personalData: readonly PersonalTable[] }>
  /** Values that operators may change while the system runs, by name. */
  config?: () => Promise<{ config: Readonly<Record<string, ConfigKey>> }>
  /** Jobs of the cron, by name. */
  jobs?: () => Promise<{ jobs: Readonly<Record<string, Job<never>>> }>
  /** Data that is deleted by itself, and after which time. */
  retention?: readonly RetentionPolicy[]
  machines?: readonly Machine[]
  /** Scopes that API keys can be allowed: `resource:read` or `resource:write`. */
  scopes?: Readonly<Record<string, string>>
  permissions?: Readonly<Record<string, PermissionEntry>>
  /** Refusals, in both languages. */
  problems?: Readonly<Record<string, ProblemText>>
  /** Meaning of a broken constraint: a problem code, and the fields of a request that it speaks of where the code does not say. */
  constraints?: Readonly<Record<string, string | readonly [code: string, ...fields: string[]]>>
  events?: Readonly<Record<string, EventEntry>>
}

/** Types the entries literally, so that unions of codes, scopes and events follow from them. */
export const defineArea = <const A extends Area>(area: A): A => area
