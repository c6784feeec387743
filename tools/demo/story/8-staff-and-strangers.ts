import { randomInt } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { PriceEstimate } from '../../../src/areas/money/pricing/schemas.ts'
import { createBand } from '../../../test/support/scenes.ts'
import { check, checkEqual, eventually, found } from '../failure.ts'
import { money } from '../narrator.ts'
import { freshIp, freshPhone, type Person, requestCode, signIn } from '../people.ts'
import { Socket } from '../socket.ts'
import type { Cast, Stage } from '../stage.ts'
import { actOf, draftTask, phoneOf } from '../steps.ts'

export async function staffAndStrangers(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('8. What staff decide, and what strangers cannot')
  await openCity(stage, cast)
  await suspend(stage, cast, found('the fourth tasker', cast.taskers[3]))
  await strangerAsks(stage)
}

/** A price makes a city bookable. Each run has a city of its own: a band that was retired stays in the books. */
async function openCity(stage: Stage, cast: Cast): Promise<void> {
  const { api, narrator, cleanUp } = stage
  const city = `Siwa ${randomInt(1_000_000)}`
  const { data } = await api.call<{ data: { id: string; slug: string }[] }>('/v1/categories?limit=100')
  const categoryId = found(
    'the category plumbing',
    data.find(({ slug }) => slug === 'plumbing'),
  ).id
  const question = { as: cast.client, json: { categoryId, city, estMinutes: 60 } }
  await api.refused(404, 'price_unavailable', '/v1/price-estimates', question)
  const amounts = { minAmountMinor: 18_000, maxAmountMinor: 36_000, currency: 'EGP' }
  const json = { categoryId, city, ...amounts }
  await api.refused(403, 'forbidden', '/v1/pricing-bands', { as: cast.client, json })
  const band = await createBand(actOf(stage), cast.admin, categoryId, { city, ...amounts })
  const retire = () => api.act(`/v1/pricing-bands/${band.id}/retire`, cast.admin)
  cleanUp.push(retire)
  const estimate = await api.call<z.infer<typeof PriceEstimate>>('/v1/price-estimates', question)
  checkEqual('the estimate', [estimate.minAmountMinor, estimate.maxAmountMinor], [18_000, 36_000])
  const draft = await draftTask(stage, cast, { description: 'The well needs a pump.', inDays: 7, city })
  check('a price in the draft', draft.estMinAmount === 27_000, draft)
  narrator.tell(
    `Nobody can book in Siwa (404) until Laila gives it a price: an hour from ${money(18_000, 'EGP')}; then Mona drafts a task there`,
  )
}

/** A suspension is felt at once: sockets close, tokens that still live are refused. */
async function suspend(stage: Stage, cast: Cast, tasker: Person): Promise<void> {
  const { api, narrator } = stage
  const phone = phoneOf(cast, tasker)
  await api.act(`/v1/users/${tasker.id}/suspend`, cast.admin, { reason: 'Papers under review.' })
  const closed = await eventually(`${tasker.name}’s socket to be closed`, 10_000, () => phone.closed)
  await api.refused(403, 'account_suspended', '/v1/me/tasker-profile', {
    as: tasker,
    method: 'PATCH',
    json: { bio: 'Still here.' },
  })
  await api.act(`/v1/users/${tasker.id}/reinstate`, cast.admin, { reason: 'The papers are in order.' })
  Object.assign(tasker, await signIn(api, tasker.phone, tasker.name))
  const again = await Socket.open(api.origin, '/v1/me/socket', tasker)
  stage.cleanUp.push(() => again.close())
  cast.phones.set(tasker.id, again)
  narrator.tell(
    `Laila suspends ${tasker.name}: his phone’s socket closes (${closed.code}) and his token, good for minutes yet, is refused (403); reinstated, he signs in anew`,
  )
}

/** A code is its requester's: a stranger can neither use the owner's nor burn it. */
async function strangerAsks({ api, narrator }: Stage): Promise<void> {
  const phone = freshPhone()
  const [home, elsewhere] = [freshIp(), freshIp()]
  const mine = await requestCode(api, phone, home)
  const theirs = await requestCode(api, phone, elsewhere)
  const verify = (ip: string, verificationId: string, code: string) =>
    api.ask<{ user?: { phone: string } }>('/v1/auth/otp/verify', {
      ip,
      json: { phone, verificationId, code },
    })
  const wrong = found(
    'a wrong code',
    ['111111', '222222', '333333'].find((code) => ![mine.code, theirs.code].includes(code)),
  )
  for (let guess = 0; guess < 5; guess += 1) {
    const { status } = await verify(elsewhere, theirs.verificationId, wrong)
    check('a refused guess', status >= 400 && status < 500, status)
  }
  const stolen = await verify(elsewhere, theirs.verificationId, mine.code)
  check('a refusal of a code that another asked for', stolen.status >= 400, stolen.status)
  const answer = await verify(home, mine.verificationId, mine.code)
  checkEqual('who is in', [answer.status, answer.body.user?.phone], [200, phone])
  narrator.tell(
    'A stranger asks for a code to somebody’s number and guesses five times: all that burns is the stranger’s own code',
  )
}
