import { z } from '@hono/zod-openapi'
import type { Locale } from '../../../core/context.ts'
import { Timestamp } from '../../../http/schemas.ts'
import { taskerMachine } from '../../supply/taskers/machine.ts'
import { adviceOn, standingRules } from './rules.ts'
import type { StandingRow } from './standing.ts'

const Finding = z
  .object({
    rule: z.enum(standingRules).openapi({ example: 'cancellation', description: 'Rule of conduct.' }),
    value: z.number().openapi({ example: 0.25, description: 'Value of the tasker now.' }),
    cases: z.int().openapi({
      example: 12,
      description: 'Number of reviews, offers, bookings or reports behind the value.',
    }),
    least: z.int().openapi({ example: 10, description: 'Nothing is concluded from fewer cases.' }),
    atRiskPast: z
      .number()
      .openapi({ example: 0.2, description: 'Threshold: a value that is worse puts a tasker at risk.' }),
    clearedAt: z
      .number()
      .openapi({ example: 0.1, description: 'Value at which the tasker is no longer at risk by this rule.' }),
    state: z.enum(['kept', 'watched', 'broken']).openapi({
      example: 'broken',
      description:
        '`broken`: it has the tasker at risk, or will at the next check; `watched`: between both thresholds; `kept`: all is well.',
    }),
    advice: z.string().nullable().openapi({
      example: 'Keep the bookings that you have agreed to.',
      description: 'What the tasker can do; null where the rule is kept.',
    }),
  })
  .openapi('StandingFinding', { description: 'What one rule of conduct finds of a tasker.' })

export const Standing = z
  .object({
    status: z
      .enum(taskerMachine.states)
      .openapi({ example: 'at_risk', description: 'Status of the tasker.' }),
    windowDays: z
      .int()
      .openapi({ example: 90, description: 'Days back from today in which conduct is judged.' }),
    atRiskSince: Timestamp.nullable().openapi({
      description:
        'Since when the rules have the tasker at risk; null if they do not, or if staff did it by hand.',
    }),
    reviewAt: Timestamp.nullable().openapi({
      description: 'Until when there is time to improve: staff look at the profile then.',
    }),
    checkedAt: Timestamp.nullable().openapi({ description: 'When the rules were last applied.' }),
    nextCheckAt: Timestamp.nullable().openapi({
      description: 'When they are applied next, at the earliest.',
    }),
    findings: z
      .array(Finding)
      .openapi({ description: 'What each rule finds. Rules without any case are left out.' }),
  })
  .openapi('Standing', { description: 'How a tasker stands by the rules of conduct.' })

export function toStanding(row: StandingRow, locale: Locale): z.infer<typeof Standing> {
  const findings = row.findings.map(({ rule, value, cases, least, enter, leave, isBroken, isKept }) => {
    const holds = isBroken || row.brokenRules.includes(rule)
    const state = holds ? ('broken' as const) : isKept ? ('kept' as const) : ('watched' as const)
    const advice = state === 'kept' ? null : adviceOn[rule][locale]
    return { rule, value, cases, least, atRiskPast: enter, clearedAt: leave, state, advice }
  })
  return {
    status: row.status,
    windowDays: row.windowDays,
    atRiskSince: row.flaggedAt,
    reviewAt: row.reviewAt,
    checkedAt: row.checkedAt,
    nextCheckAt: row.nextCheckAt,
    findings,
  }
}
