import { sql } from 'drizzle-orm'
import { type Holding, owned } from './holding.ts'

/** Work. */
export const work: Record<string, Holding> = {
  match_index: {
    of: owned('tasker_id'),
    personal: 'center radius_m',
    other:
      'tasker_id category rating_avg rating_count acceptance_rate completion_rate offers_answered bookings_ended rate_currency',
    hidden: 'center',
    erasure: 'delete',
  },
  tasker_availability_blocks: {
    of: owned('tasker_id'),
    personal: 'starts_at ends_at',
    other: 'id tasker_id kind created_at',
    erasure: 'delete',
  },
  tasker_categories: {
    of: owned('tasker_id'),
    personal: 'category',
    other: 'tasker_id',
    erasure: 'delete',
  },
  tasker_skills: {
    of: owned('tasker_id'),
    personal: 'skill',
    other: 'tasker_id',
    erasure: 'delete',
  },
  tasker_service_areas: {
    of: owned('tasker_id'),
    personal: 'center_lat center_lng radius_km',
    other: 'tasker_id',
    erasure: 'delete',
  },
  tasker_profiles: {
    of: owned('user_id'),
    personal: 'bio hourly_rate_amount hourly_rate_currency',
    other:
      'user_id status rating_avg rating_count acceptance_rate completion_rate offers_answered offers_accepted bookings_ended bookings_completed created_at updated_at version',
    erasure: 'delete',
  },
  task_candidates: {
    of: owned('tasker_id'),
    personal: 'explanation',
    other: 'id task_id tasker_id rank score created_at',
    erasure: 'delete',
  },
  offers: {
    of: owned('tasker_id'),
    other:
      'id task_id tasker_id wave status delivered_at expires_at answered_at created_at updated_at version',
    erasure: 'keep',
    why: 'who was asked, by ids and times',
  },
  tasks: {
    of: owned('client_id'),
    personal: 'description address district lat lng location structured_inputs',
    other:
      'id client_id sourcing category subcategory city starts_at flexibility_minutes pricing_model price_band_id est_minutes est_min_amount est_max_amount currency state created_at updated_at version',
    hidden: 'location',
    erasure: 'keep',
    blanks: {
      description: "'[erased]'",
      address: "'[erased]'",
      district: 'null::text',
      lat: '0::double precision',
      lng: '0::double precision',
      structured_inputs: "'{}'::jsonb",
    },
    masks: {
      of: ({ user }) => sql`t.id in (select b.task_id from bookings b where b.tasker_id = ${user})`,
      text: ['description', 'address'],
    },
    why: 'the books name tasks',
  },
  task_state_events: {
    of: ({ user }) =>
      sql`t.actor_user_id = ${user} and t.task_id in (select k.id from tasks k where k.client_id = ${user} union select b.task_id from bookings b where b.tasker_id = ${user})`,
    personal: 'reason meta',
    other: 'id task_id from_state to_state actor_user_id created_at',
    erasure: 'job',
    why: '`khidma.redact_history`: the history itself is never rewritten',
  },
  bookings: {
    of: ({ user }) => sql`${user} in (t.client_id, t.tasker_id)`,
    personal: 'cancel_reason',
    other:
      'id task_id client_id tasker_id status agreed_rate_amount agreed_rate_currency agreed_minimum_minutes scheduled_during started_at completed_at created_at updated_at version',
    erasure: 'keep',
    blanks: { cancel_reason: 'null::text' },
    why: 'the books name bookings',
  },
  booking_events: {
    of: ({ user }) =>
      sql`t.actor_user_id = ${user} and t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    personal: 'meta',
    other: 'id booking_id from_status to_status actor_user_id created_at',
    erasure: 'job',
    why: '`khidma.redact_history`: the history itself is never rewritten',
  },
}
