import type { Mutant } from '../mutant.ts'

const endings = 'test/areas/work/leads/endings.test.ts'
const requests = 'test/areas/work/leads/leads.test.ts'
const rules = 'test/areas/work/leads/rules.test.ts'
const chat = 'test/areas/work/leads/chat.test.ts'
const ladder = 'test/areas/work/matching/ladder-leads.test.ts'
const model = 'test/node/credits-model.test.ts'

const credits = 'drizzle/sql/commerce/credits/credits.sql'
const asked = 'drizzle/sql/work/leads/requests.sql'

/** Credits, leads and requests for them. */
export const leadMutants: Mutant[] = [
  {
    name: 'equal-credits-newest-first',
    breaks: 'of two grants that are equal otherwise the older one is spent',
    file: credits,
    find: "g.expires_at nulls last, g.kind = 'paid', g.id)",
    replace: "g.expires_at nulls last, g.kind = 'paid', g.id desc)",
    tests: [model],
  },
  {
    name: 'expired-credits-are-spent',
    breaks: 'nothing that has expired is spent',
    file: credits,
    find: '     and (g.expires_at is null or g.expires_at > now()) and',
    replace: '     and',
    tests: [model],
  },
  {
    name: 'a-hold-costs-time',
    breaks: 'a hold costs nobody the credits that expired meanwhile',
    file: credits,
    find: "when g.expires_at <= now() then 'moved' else 'released' end as status",
    replace: "else 'released' end as status",
    tests: ['test/areas/commerce/credits/credits.test.ts'],
  },
  {
    name: 'revoked-credits-come-back',
    breaks: 'what a revoked document granted is not given back',
    file: credits,
    find: "and s.status = 'captured' and g.revoked_at is null",
    replace: "and s.status = 'captured'",
    tests: [model],
  },
  {
    name: 'dearer-than-seen',
    breaks: 'a tasker pays no more than the price that they have seen',
    file: asked,
    find: "if (price ->> 'credits')::bigint > p_credits then",
    replace: "if (price ->> 'credits')::bigint > p_credits + 100 then",
    tests: [requests],
  },
  {
    name: 'answered-too-late',
    breaks: 'a request that has expired cannot be answered before the sweep',
    file: asked,
    find: "if r.status = 'pending' and r.expires_at <= clock_timestamp() then",
    replace: 'if false then',
    tests: [requests],
  },
  {
    name: 'request-without-hold',
    breaks: 'no request waits without its credits held',
    file: asked,
    find: "      (r.status = 'pending') <> exists",
    replace: "      r.status = 'pending' and false <> exists",
    tests: [rules],
  },
  {
    name: 'seat-kept-by-the-lost',
    breaks: 'a request that has ended gives its seat back',
    file: asked,
    find: "  perform khidma.settle_claims('leads.seats', array[r.id], 'returned');",
    replace: '',
    tests: [endings],
  },
  {
    name: 'holds-of-the-suspended',
    breaks: 'a tasker who is suspended gets the held credits back at once',
    file: 'drizzle/sql/supply/taskers/consequences.sql',
    find: '  perform khidma.withdraw_lead_requests_of_tasker(t.user_id);\nend $$;\n\n--',
    replace: '  null;\nend $$;\n\n--',
    tests: [endings],
  },
  {
    name: 'holds-for-a-suspended-client',
    breaks: 'requests that nobody can answer any more end at once',
    file: asked,
    find: "     where t.client_id = p_user and r.status in ('pending', 'replied') order by r.id for update of r);",
    replace: '     where false order by r.id for update of r);',
    tests: [endings],
  },
  {
    name: 'asked-by-the-blocked',
    breaks: 'nobody asks for the lead of somebody with a block between the two',
    file: 'drizzle/sql/work/leads/leads.sql',
    find: '     and not khidma.blocked_between(t.client_id, p_tasker)',
    replace: '',
    tests: [rules],
  },
  {
    name: 'below-the-least-price',
    breaks: 'a lead is never cheaper than its least price',
    file: 'drizzle/sql/work/leads/leads.sql',
    find: "greatest(1, (terms ->> 'least')::int, round(",
    replace: 'greatest(1, round(',
    tests: [rules],
  },
  {
    name: 'refund-after-the-work',
    breaks: 'credits for work that has begun are not given back',
    file: 'drizzle/sql/work/leads/refunds.sql',
    find: "b.status in ('in_progress', 'completed', 'disputed')",
    replace: "b.status in ('completed', 'disputed')",
    tests: [rules],
  },
  {
    name: 'refund-of-the-flagged',
    breaks: 'staff decide on the refunds of a flagged tasker',
    file: 'drizzle/sql/work/leads/refunds.sql',
    find: "khidma.trust_tier(new.tasker_id) <> 'flagged'",
    replace: 'true',
    tests: [rules],
  },
  {
    name: 'lead-without-its-time',
    breaks: 'a lead on a ladder has the whole time of its rung once it is open',
    file: 'drizzle/sql/work/tasks/ladder.sql',
    find: 'where id = p_task and climbs_at < until;',
    replace: 'where id = p_task and climbs_at > until;',
    tests: [ladder],
  },
  {
    name: 'sweep-on-the-ladder',
    breaks: 'a lead that climbs is not expired by the sweep of leads',
    file: asked,
    find: 'and t.deadline <= now() and t.climbs_at is null',
    replace: 'and t.deadline <= now()',
    tests: [ladder],
  },
  {
    name: 'chat-after-the-lead',
    breaks: 'a conversation whose lead came to nothing takes no more messages',
    file: 'src/areas/contact/chat/archive.ts',
    find: "r.status not in ('replied', 'accepted')",
    replace: 'false',
    tests: [chat],
  },
  {
    name: 'contacts-before-the-acceptance',
    breaks: 'contacts open with the acceptance of a lead, and not before',
    file: 'durable-objects/conversation.ts',
    find: "if (kind !== 'booking' || opensContacts",
    replace: "if (kind !== 'booking' || isOfLead || opensContacts",
    tests: [chat],
  },
  {
    name: 'talk-lost-with-the-booking',
    breaks: 'the conversation of a lead becomes that of its booking',
    file: 'drizzle/sql/contact/chat/conversations.sql',
    find: "r.status = 'accepted' and c.booking_id is null",
    replace: "r.status = 'replied' and c.booking_id is null",
    tests: [chat],
  },
]
