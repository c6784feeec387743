-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'payment_intent';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('payment_intent', 'created', null, 'requires_action', 'client', null, 'payment_intent.created'),
  ('payment_intent', 'authorize', 'requires_action', 'authorized', 'provider', null, 'payment_intent.authorized'),
  ('payment_intent', 'authorize', 'requires_action', 'authorized', 'system', null, 'payment_intent.authorized'),
  ('payment_intent', 'confirm_cash', 'requires_action', 'captured', 'tasker', 'settled', 'payment_intent.captured'),
  ('payment_intent', 'capture', 'authorized', 'captured', 'provider', 'settled', 'payment_intent.captured'),
  ('payment_intent', 'capture', 'authorized', 'captured', 'system', 'settled', 'payment_intent.captured'),
  ('payment_intent', 'fail', 'requires_action', 'failed', 'provider', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'requires_action', 'failed', 'system', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'authorized', 'failed', 'provider', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'authorized', 'failed', 'system', null, 'payment_intent.failed'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'client', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'tasker', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'ops', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'system', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'client', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'tasker', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'ops', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'system', null, 'payment_intent.canceled');
