import { randomInt } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { WebhookWithSecret } from '../../../src/areas/platform/webhooks/schemas.ts'
import type { TaskerProfile } from '../../../src/areas/supply/taskers/schemas.ts'
import { admitTasker, applyAsTasker } from '../../../test/support/scenes.ts'
import { check, checkEqual } from '../failure.ts'
import { newPerson, type Person, renew } from '../people.ts'
import type { Endpoint } from '../receiver.ts'
import { Socket } from '../socket.ts'
import { staffPerson } from '../staff.ts'
import type { Cast, Hook, Place, Stage } from '../stage.ts'
import { actOf } from '../steps.ts'

type Profile = z.infer<typeof TaskerProfile>

const taskerNames = ['Hassan', 'Karim', 'Sameh', 'Yasser']
/** Kilometres from the place: three are clearly nearer than the fourth. */
const distancesKm = [0.2, 0.35, 0.5, 1.6]
const radiusKm = 2
const rateMinor = 25_000
const kmPerDegree = 111.2

export async function gatherPeople(stage: Stage): Promise<Cast> {
  const { api, narrator } = stage
  narrator.chapter('1. A client signs in, taskers apply, ops lets them in')

  const keepsSession = !stage.isOwnStack
  const [client, ops, admin, ...taskers] = await Promise.all([
    newPerson(api, 'Mona'),
    staffPerson(api, 'ops', { keepsSession }),
    staffPerson(api, 'admin', { keepsSession }),
    ...taskerNames.map((name) => newPerson(api, name)),
  ])
  narrator.tell(
    `Mona (${client.phone}) signs in with the code that came by SMS; ${taskerNames.join(', ')} do too`,
  )

  const [partner, shaky] = await Promise.all([
    subscribe(stage, ops, stage.receiver.endpoint('partner')),
    subscribe(stage, client, stage.receiver.endpoint('shaky', 2)),
  ])
  narrator.tell(
    'Two webhooks are subscribed: a partner who hears everything, and one of Mona’s that will fail at first',
  )

  const place = await findLonelyPlace(stage)
  for (const [index, tasker] of taskers.entries()) {
    await becomeTasker(stage, ops, tasker, near(place, distancesKm[index] ?? 1))
  }
  await api.refused(403, 'forbidden', `/v1/taskers/${client.id}/verify`, { as: client, method: 'POST' })
  narrator.tell(
    'All four apply as plumbers of the Bahariya Oasis; ops verifies and activates each; Mona may not (403)',
  )

  const cast: Cast = { client, ops, admin, taskers, place, partner, shaky, phones: new Map() }
  for (const person of [client, ...taskers]) await connectPhone(stage, cast, person)
  narrator.tell('Their phones open the user channel, the token in the WebSocket subprotocol')
  return cast
}

async function becomeTasker(stage: Stage, ops: Person, tasker: Person, { lat, lng }: Place): Promise<void> {
  const { api } = stage
  const act = actOf(stage)
  const applied: Profile = await applyAsTasker(act, tasker, {
    bio: `${tasker.name} repairs what drips.`,
    categories: ['plumbing'],
    skills: ['leak detection', 'pipe fitting'],
    serviceArea: { lat, lng, radiusKm },
    hourlyRate: { amount: rateMinor, currency: 'EGP' },
  })
  check(`${tasker.name} has applied`, applied.status === 'applied' && applied.id === tasker.id, applied)
  const [verified, active] = await admitTasker<Person, Profile>(act, ops, tasker.id)
  checkEqual('after verification', verified.status, 'verified')
  checkEqual('after activation', active.status, 'active')
  // Nobody else's task shall find a tasker of a story that has ended.
  stage.cleanUp.push(() => api.act(`/v1/taskers/${tasker.id}/offboard`, ops, { reason: 'The demo is over.' }))
  await renew(api, tasker)
}

async function connectPhone({ api, cleanUp }: Stage, cast: Cast, person: Person): Promise<void> {
  const phone = await Socket.open(api.origin, '/v1/me/socket', person)
  cleanUp.push(() => phone.close())
  cast.phones.set(person.id, phone)
}

async function subscribe({ api, cleanUp }: Stage, owner: Person, endpoint: Endpoint): Promise<Hook> {
  const json = { url: endpoint.url, events: ['*'] }
  const hook = await api.act<z.infer<typeof WebhookWithSecret>>('/v1/webhooks', owner, json)
  check('a secret as Standard Webhooks has it', hook.secret.startsWith('whsec_'), hook.secret.slice(0, 6))
  endpoint.secret = hook.secret
  cleanUp.push(() => api.call(`/v1/webhooks/${hook.id}`, { as: owner, method: 'DELETE' }))
  return { id: hook.id, owner, createdAt: hook.createdAt, endpoint }
}

/** In the desert around the oasis, where no tasker of the demo data or of another run works. */
async function findLonelyPlace({ api }: Stage): Promise<Place> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const place = { lat: 27.5 + randomInt(0, 17_000) / 10_000, lng: 27.9 + randomInt(0, 19_000) / 10_000 }
    const search = new URLSearchParams({
      category: 'plumbing',
      lat: String(place.lat),
      lng: String(place.lng),
      radiusKm: '5',
    })
    const { data } = await api.call<{ data: unknown[] }>(`/v1/taskers?${search}`)
    if (data.length === 0) return place
  }
  throw new Error('The desert is full of plumbers: start a stack with --memory.')
}

const near = ({ lat, lng }: Place, km: number): Place => ({ lat: lat + km / kmPerDegree, lng })
