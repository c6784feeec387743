import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../src/env.ts'

/** The search for the tasker of one task. */
export class TaskMatcher extends DurableObject<Env> {}
