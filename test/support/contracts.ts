import { adjust } from './adjustments.ts'
import { api, type Caller, database } from './api.ts'
import { aBooking, type BookedStory, type BookingOptions, type BookingState, ok, withKey } from './story.ts'

/** Contracts, all by the API. Amounts in minor units of EGP. */

export interface ContractStory extends BookedStory {
  contractId: string
  milestoneIds: string[]
}

export const terms = { title: 'Painting', scope: 'Three rooms, two coats each.' }
export const rooms = (amounts: number[]) =>
  amounts.map((amountMinor, index) => ({ title: `Room ${index + 1}`, amountMinor }))

export const contractPath = ({ contractId }: Pick<ContractStory, 'contractId'>, rest = '') =>
  `/v1/contracts/${contractId}${rest}`
const path = contractPath

export const contractOf = async (story: ContractStory, as = story.client) =>
  (await ok(api(path(story), { as }))).body

export const fillWallet = (client: Caller, amount: number) =>
  database().write([
    adjust([
      { account: 'platform_clearing', owner: null, amount: -amount },
      { account: 'client_wallet', owner: client.userId, amount },
    ]),
  ])

export const sign = async (story: ContractStory, as: Caller) => {
  const { sha256 } = await contractOf(story, as)
  return api(path(story, '/sign'), { as, body: { sha256 } })
}

export const fund = (story: ContractStory, milestones: 'next' | 'all' = 'next', method = 'wallet') =>
  api(path(story, '/fund'), { as: story.client, body: { milestones, method }, headers: withKey() })

export const onMilestone = (
  story: ContractStory,
  index: number,
  action: string,
  as: Caller,
  body: object | undefined = undefined,
) =>
  api(path(story, `/milestones/${story.milestoneIds[index]}/${action}`), {
    as,
    method: 'POST',
    ...(body && { body }),
    headers: withKey(),
  })

export const start = (story: ContractStory, index = 0) => onMilestone(story, index, 'start', story.tasker)
export const submit = (story: ContractStory, index = 0) =>
  onMilestone(story, index, 'submit', story.tasker, { note: 'Two coats are on.' })
export const approve = (story: ContractStory, index = 0) => onMilestone(story, index, 'approve', story.client)
export const giveBack = (story: ContractStory, index = 0) =>
  onMilestone(story, index, 'return', story.client, { note: 'The corner is missing.' })

/** From funding to the release of one milestone. */
export async function deliver(story: ContractStory, index: number): Promise<void> {
  for (const step of [start, submit, approve]) await ok(step(story, index))
}

export interface ContractOptions extends Pick<BookingOptions, 'client' | 'tasker' | 'startsAt'> {
  amounts?: number[]
  state?: 'draft' | 'active' | 'funded'
  booking?: BookingState
  wallet?: number
}

/** A contract of a booking, drafted by the tasker. Funded: all of it is in escrow, from the wallet. */
export async function aContract({
  amounts = [10_000, 20_000, 30_000],
  state = 'funded',
  booking = 'confirmed',
  wallet = 100_000,
  ...between
}: ContractOptions = {}): Promise<ContractStory> {
  const booked = await aBooking({ state: booking, ...between })
  const body = { terms, milestones: rooms(amounts) }
  const { id, milestones } = (
    await ok(api(`/v1/bookings/${booked.bookingId}/contract`, { as: booked.tasker, body }))
  ).body
  const story = {
    ...booked,
    contractId: id,
    milestoneIds: milestones.map((milestone: { id: string }) => milestone.id),
  }
  if (state === 'draft') return story
  await ok(sign(story, story.tasker))
  await ok(sign(story, story.client))
  if (wallet > 0) await fillWallet(story.client, wallet)
  if (state === 'funded') await ok(fund(story, 'all'))
  return story
}

export const walletBalance = async (as: Caller): Promise<number> => {
  const { accounts } = (await ok(api('/v1/me/wallet', { as }))).body
  return accounts.find((account: { account: string }) => account.account === 'wallet')?.balance ?? 0
}
