import { sql } from 'drizzle-orm'
import { newId } from '../../../../src/core/ids.ts'
import { api, database } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { aSubmittedProfile, pathOf } from '../../../support/role-profiles.ts'
import { identityRequirement } from '../../../support/scenes.ts'
import { actorOf, ok } from '../../../support/story.ts'
import { aTrade } from '../../../support/work.ts'
import type { Someone } from './traces.ts'

/** The rows of somebody who shows what they do, is reviewed and reviews, and has a dispute; once others have worked with them. */
export async function showAndDispute(person: Someone): Promise<void> {
  await showProfession(person)
  await speakOfReviews(person)
  await arguePart(person)
}

async function showProfession({ caller: as, name }: Someone): Promise<void> {
  const { id } = await aSubmittedProfile(as, {
    displayName: name,
    areas: [{ lat: 30.01, lng: 31.2, radiusKm: 10 }],
  })
  const service = {
    name: 'Wedding day',
    description: `${name} comes with two cameras.`,
    category: (await aTrade()).slug,
    priceType: 'fixed',
    priceAmount: 800_000,
    currency: 'EGP',
    durationMinutes: 480,
    extras: [{ name: 'Album', priceAmount: 90_000, minutes: 0 }],
  }
  await ok(api(pathOf(id, 'services'), { as, body: service }))
  const item = { title: 'By the Nile', description: `By ${name}`, imageMediaIds: [await aFile(as)] }
  await ok(api(pathOf(id, 'portfolio'), { as, body: item }))
}

async function speakOfReviews({ caller, name }: Someone): Promise<void> {
  const { userId } = caller
  await database().write([
    sql`insert into review_photos (review_id, position, media_id)
        select r.id, 1, ${await aFile(caller)} from reviews r where r.reviewer_id = ${userId} limit 1`,
    sql`insert into review_signals (id, review_id, kind, decided_by)
        select ${newId()}, r.id, 'mutual', ${userId} from reviews r where r.reviewer_id = ${userId} limit 1`,
    sql`insert into tasker_standings (tasker_id) values (${userId}) on conflict do nothing`,
    sql`insert into requirement_submissions (id, requirement_id, requirement_version, subject_kind, subject_id, user_id)
        values (${newId()}, ${identityRequirement}, 1, 'tasker', ${userId}, ${userId})`,
  ])
  await database(actorOf(caller)).write([
    sql`insert into review_flags (id, review_id, user_id, reason, note)
        select ${newId()}, r.id, ${userId}, 'false', ${`${name} was not there.`} from reviews r where r.reviewee_id = ${userId} limit 1`,
    sql`insert into review_answers (review_id, author_id, text)
        select r.id, ${userId}, ${`Thank you, says ${name}.`} from reviews r where r.reviewee_id = ${userId} limit 1`,
  ])
}

async function arguePart({ caller, name }: Someone): Promise<void> {
  const { userId } = caller
  const theirs = sql`from disputes d join bookings b on b.id = d.booking_id where ${userId}::uuid in (b.client_id, b.tasker_id) limit 1`
  const side = sql`case when b.client_id = ${userId} then 'client' else 'tasker' end`
  const caseId = newId()
  await database().write([
    sql`insert into dispute_evidence (id, dispute_id, added_by, side, kind, text)
        select ${newId()}, d.id, ${userId}, ${side}, 'statement', ${`${name} has seen it.`} ${theirs}`,
    sql`insert into dispute_notes (id, dispute_id, author_id, text)
        select ${newId()}, d.id, ${userId}, ${`${name} called.`} ${theirs}`,
    sql`insert into cases (id, kind, subject_type, subject_id, queue, status, assignee_id, assigned_at, due_at)
        values (${caseId}, 'report', 'report', ${newId()}, 'report', 'assigned', ${userId}, now(), now())`,
    sql`insert into case_notes (id, case_id, author_id, text) values (${newId()}, ${caseId}, ${userId}, ${`${name} has looked.`})`,
  ])
  await database(actorOf(caller)).write([
    sql`insert into dispute_offers (id, dispute_id, client_id, tasker_id, proposed_by, side, amount, client_amount, tasker_amount, currency, note, expires_at)
        select ${newId()}, d.id, b.client_id, b.tasker_id, ${userId}, ${side}, 100, 40, 60, 'EGP', ${`${name} is tired of it.`}, now() ${theirs}`,
  ])
}
