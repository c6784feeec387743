import { api, type Caller } from './api.ts'
import { ok, theAdmin } from './story.ts'

/** Plans and subscriptions, by the API. */

export async function aPlan(fields: object = {}) {
  const body = {
    names: { en: 'Pro', ar: 'احترافي' },
    country: 'EG',
    currency: 'EGP',
    priceMonthMinor: 20_000,
    priceYearMinor: 200_000,
    ...fields,
  }
  return (await ok(api('/v1/plans', { as: await theAdmin(), body }))).body
}

export const subscribing = (as: Caller, planId: string, fields: object = {}) =>
  api('/v1/me/subscriptions', {
    as,
    body: { planId, cycle: 'month', ...fields },
    headers: { 'idempotency-key': crypto.randomUUID() },
  })

export const subscription = async (as: Caller, id: string) =>
  (await ok(api(`/v1/subscriptions/${id}`, { as }))).body

export const act = (as: Caller, id: string, action: string, body: object = {}) =>
  api(`/v1/subscriptions/${id}/${action}`, {
    as,
    body,
    headers: { 'idempotency-key': crypto.randomUUID() },
  })

export const timeline = async (as: Caller, id: string) =>
  (await ok(api(`/v1/subscriptions/${id}/timeline`, { as }))).body

/** Moves the clock of a subscription. */
export const passDays = (id: string, days: number) =>
  ok(api(`/__dev/subscriptions/${id}/pass-time?days=${days}`, { method: 'POST' }))
