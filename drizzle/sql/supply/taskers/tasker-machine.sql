-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'tasker';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('tasker', 'applied', null, 'applied', 'tasker', null, 'tasker.applied'),
  ('tasker', 'applied', null, 'applied', 'ops', null, 'tasker.applied'),
  ('tasker', 'verify', 'applied', 'verified', 'ops', null, 'tasker.verified'),
  ('tasker', 'activate', 'verified', 'active', 'ops', null, 'tasker.active'),
  ('tasker', 'activate', 'suspended', 'active', 'ops', null, 'tasker.active'),
  ('tasker', 'flag', 'active', 'at_risk', 'ops', null, 'tasker.at_risk'),
  ('tasker', 'flag', 'active', 'at_risk', 'system', null, 'tasker.at_risk'),
  ('tasker', 'clear', 'at_risk', 'active', 'ops', null, 'tasker.active'),
  ('tasker', 'clear', 'at_risk', 'active', 'system', null, 'tasker.active'),
  ('tasker', 'suspend', 'active', 'suspended', 'ops', null, 'tasker.suspended'),
  ('tasker', 'suspend', 'at_risk', 'suspended', 'ops', null, 'tasker.suspended'),
  ('tasker', 'offboard', 'applied', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'applied', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'verified', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'verified', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'active', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'active', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'at_risk', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'at_risk', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'suspended', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'suspended', 'offboarded', 'tasker', null, 'tasker.offboarded');
