import { type MessageValues, problemText } from '../../src/core/i18n.ts'
import { type ProblemCode, problems } from '../../src/core/problems.ts'
import { bodyLimitBytes } from '../../src/http/body.ts'
import type { Json } from './json.ts'

/** Values that may fill the placeholders of the texts of problems, by name. */
const samples: MessageValues = {
  acceptedAt: '2026-11-21T08:30:00.000Z',
  after: 1,
  amount: 25_000,
  appealUntil: '2026-11-28T08:30:00.000Z',
  archivedSeq: 40,
  available: 2,
  before: 1,
  cap: 50_000,
  commission: 5_000,
  credits: 3,
  criteria: 'quality, punctuality, communication',
  currency: 'EGP',
  days: 14,
  disputeId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a46',
  distanceMeters: 900,
  documentVersion: '2026-11',
  editUntil: '2026-11-22T08:30:00.000Z',
  endedAt: '2026-11-21T08:30:00.000Z',
  expiredAt: '2026-11-21T08:30:00.000Z',
  fee: 2_500,
  from: '2026-11-21T08:30:00.000Z',
  held: 45,
  key: 'wallet.top_up',
  kind: 'visit',
  lapsedAt: '2026-11-21T08:30:00.000Z',
  left: 4,
  limit: 20,
  line: 1,
  maxLength: 128,
  maximum: 10,
  method: 'wallet',
  minLength: 10,
  minimum: 10_000,
  minutes: 60,
  missing: 'national_id',
  name: 'Summer discount',
  needed: 5,
  obstacles: 'open_booking, unpaid_debt',
  paidUntil: '2026-12-21T08:30:00.000Z',
  pausedDays: 7,
  permission: 'payments.refund',
  possibleAt: '2026-11-21T08:45:00.000Z',
  priceType: 'fixed',
  radiusMeters: 200,
  reason: 'Payment outside of the platform was asked for.',
  refund: 10_000,
  retryAfterSeconds: 17,
  rounds: 2,
  rule: 'not_active',
  scope: 'tasks:write',
  scopes: 'payouts:write',
  stages: 'confirmed, in_progress',
  state: 'completed',
  status: 'completed',
  switch: 'transact',
  title: 'Tiles laid',
  to: 'canceled',
  until: '2026-11-21T10:30:00.000Z',
  usual: 'none',
  validUntil: '2026-11-21T08:30:00.000Z',
  why: 'own_task',
}

/** The same where a placeholder of one code means something else. */
const samplesOf: Partial<Record<ProblemCode, MessageValues>> = {
  amount_above_debt: { maximum: 25_000 },
  amount_above_held: { maximum: 25_000 },
  amount_above_invoice: { maximum: 25_000 },
  amount_above_paid: { maximum: 25_000 },
  body_too_large: { limit: bodyLimitBytes },
  booking_not_at_stage: { status: 'canceled' },
  calendar_date_refused: { from: '2026-11-21', until: '2028-05-22' },
  config_scope_not_allowed: { scope: 'country' },
  contract_needs_split: { held: 25_000 },
  coupon_below_minimum: { missing: 2_500 },
  estimate_agreed: { status: 'confirmed' },
  export_limit: { limit: 5, retryAfterSeconds: 3_600 },
  final_cost_above_limit: { limit: 25_000 },
  invalid_transition: { from: 'completed' },
  job_answer_missing: { key: 'licence' },
  job_question_unknown: { key: 'licence' },
  milestone_funded: { maximum: 25_000 },
  not_held_so_long: { until: '2026-12-31T00:00:00.000Z' },
  order_used: { kind: 'credit' },
  password_refused: { reason: 'length' },
  tip_above_cap: { maximum: 10_000 },
  top_up_limit: { maximum: 1_000_000 },
  too_many_disputes: { maximum: 2 },
  undo_refused: { why: 'too_late' },
}

/** Where a value is what the problem is about. */
const errors: Json = [{ pointer: '/location/lat', code: 'wrong_type', message: 'must be a number' }]

/** Sent with `mfa_required` at sign-in. */
const challenge: Json = {
  token: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl',
  expiresAt: '2026-11-21T08:35:00.000Z',
  methods: ['totp', 'backup_code'],
}

/** An example of each problem, in the words of the server. */
const problemSamples = Object.fromEntries(
  await Promise.all(
    (Object.keys(problems) as ProblemCode[]).map(async (code) => [code, await sampleOfProblem(code)]),
  ),
) as Record<ProblemCode, { [member: string]: Json }>

async function sampleOfProblem(code: ProblemCode): Promise<{ [member: string]: Json }> {
  const { title, detail } = await problemText(code, 'en', { ...samples, ...samplesOf[code] })
  return {
    type: `https://api.khidma.example/problems/${code}`,
    title,
    status: problems[code].status,
    detail,
    code,
    requestId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
    ...(code === 'invalid_request' && { errors }),
  }
}

/** The example of one of the problems that an operation answers with the same status. */
export function sampleOf(code: ProblemCode, among: readonly ProblemCode[]): Json {
  const isAtSignIn = code === 'mfa_required' && !among.includes('insufficient_scope')
  return { ...problemSamples[code], ...(isAtSignIn && { challenge }) }
}
