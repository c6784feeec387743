-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'erasure';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('erasure', 'defer', 'scheduled', 'deferred', 'system', null, 'erasure.deferred'),
  ('erasure', 'defer', 'deferred', 'deferred', 'system', null, null),
  ('erasure', 'begin', 'scheduled', 'running', 'system', null, null),
  ('erasure', 'begin', 'deferred', 'running', 'system', null, null),
  ('erasure', 'wipe', 'running', 'wiped', 'system', null, null),
  ('erasure', 'complete', 'wiped', 'completed', 'system', null, 'erasure.completed'),
  ('erasure', 'cancel', 'scheduled', 'canceled', 'owner', null, 'erasure.canceled'),
  ('erasure', 'cancel', 'scheduled', 'canceled', 'ops', null, 'erasure.canceled'),
  ('erasure', 'cancel', 'deferred', 'canceled', 'owner', null, 'erasure.canceled'),
  ('erasure', 'cancel', 'deferred', 'canceled', 'ops', null, 'erasure.canceled');
