import { defineMachine } from '../../../core/machine.ts'

export const bidMachine = defineMachine({
  name: 'bid',
  table: 'bids',
  column: 'status',
  states: ['pending', 'awarded', 'accepted', 'rejected', 'withdrawn', 'expired'],
  people: {
    tasker: { column: 'tasker_id' },
    client: { column: 'client_id', in: { table: 'tasks', key: 'id', equals: 'task_id' } },
  },
  eventData: {
    because:
      "case when new.status = 'rejected' then case when new.declined_at is null then 'lost' else 'declined' end end",
  },
  consequences: {
    after_bid_accepted: "Uses up the seat under the tasker's limit of bids a day.",
    after_bid_rejected: "Uses up the seat under the tasker's limit of bids a day.",
    after_bid_withdrawn: "Uses up the seat under the tasker's limit of bids a day.",
    after_bid_expired:
      "Uses up the seat under the tasker's limit of bids a day; gives it back where the client canceled the task or staff took it over.",
  },
  transitions: [
    { name: 'created', from: [null], to: 'pending', by: ['tasker'], event: 'bid.created' },
    { name: 'award', from: ['pending'], to: 'awarded', by: ['client'], event: 'bid.awarded' },
    // An award of a bid that is so fresh that its tasker need not be asked again.
    {
      name: 'win',
      from: ['pending'],
      to: 'accepted',
      by: ['client'],
      event: 'bid.accepted',
      consequences: ['after_bid_accepted'],
      derived: true,
    },
    {
      name: 'accept',
      from: ['awarded'],
      to: 'accepted',
      by: ['tasker'],
      event: 'bid.accepted',
      consequences: ['after_bid_accepted'],
    },
    { name: 'revoke', from: ['awarded'], to: 'pending', by: ['client'], event: 'bid.revoked' },
    // By the system where the task has found another tasker: `because` of the event tells.
    {
      name: 'decline',
      from: ['pending', 'awarded'],
      to: 'rejected',
      by: ['client', 'system'],
      event: 'bid.rejected',
      consequences: ['after_bid_rejected'],
    },
    // By the system where the tasker's account is shut.
    {
      name: 'withdraw',
      from: ['pending', 'awarded'],
      to: 'withdrawn',
      by: ['tasker', 'system'],
      event: 'bid.withdrawn',
      consequences: ['after_bid_withdrawn'],
    },
    // The task has expired, was canceled or hidden.
    {
      name: 'expire',
      from: ['pending'],
      to: 'expired',
      by: ['system'],
      event: 'bid.expired',
      consequences: ['after_bid_expired'],
    },
    // The same; or the tasker has not accepted the award in time.
    {
      name: 'expire',
      from: ['awarded'],
      to: 'expired',
      by: ['system'],
      event: 'bid.expired',
      consequences: ['after_bid_expired'],
      at: 'award_expires_at',
    },
  ],
})

export type BidStatus = (typeof bidMachine)['states'][number]
