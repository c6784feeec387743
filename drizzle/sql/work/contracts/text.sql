-- Returns a milestone as the text of a contract has it.
create or replace function khidma.milestone_terms(p_id uuid, p_title text, p_description text, p_amount bigint, p_due_at timestamptz)
returns jsonb language sql stable as $$
  select jsonb_build_object('id', p_id, 'title', p_title, 'description', p_description, 'amount', p_amount,
                            'dueAt', to_char(p_due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
$$;

-- Returns the milestones of a contract in their order, without those that an amendment has taken out.
create or replace function khidma.milestones_of(p_contract uuid) returns jsonb language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(khidma.milestone_terms(m.id, m.title, m.description, m.amount, m.due_at) order by m.position), '[]')
      from milestones m where m.contract_id = p_contract and m.outcome is distinct from 'removed');
end $$;

-- Returns the text that both sides sign: everything that they agree on, as JSON with its keys in the order of jsonb, so that the same
-- contract is always the same text. Without terms and milestones it is that of the contract as it is.
create or replace function khidma.contract_text(
  c contracts, p_terms jsonb default null, p_total bigint default null, p_milestones jsonb default null
) returns text language sql stable as $$
  select jsonb_build_object(
           'contract', c.id, 'booking', c.booking_id, 'client', c.client_id, 'tasker', c.tasker_id, 'currency', c.currency,
           'total', coalesce(p_total, c.total_amount), 'terms', coalesce(p_terms, c.terms),
           'milestones', coalesce(p_milestones, khidma.milestones_of(c.id)),
           'rules', jsonb_build_object('releaseDays', c.release_days, 'maxRounds', c.max_rounds, 'maxPausedDays', c.max_paused_days,
                                       'arbitrationBasisPoints', c.arbitration_basis_points))::text
$$;

-- Returns the SHA-256 of a text, hex.
create or replace function khidma.text_sha256(p_text text) returns text language plpgsql immutable parallel safe as $$
begin
  return encode(sha256(convert_to(p_text, 'UTF8')), 'hex');
end $$;

-- Writes down that the actor signs a text, with when and with what they do. p_hash: of the text that they were shown; refuses another one.
create or replace function khidma.sign_text(c contracts, p_amendment uuid, p_text text, p_hash text) returns void language plpgsql as $$
begin
  if khidma.text_sha256(p_text) <> p_hash then
    perform khidma.refuse(409, 'contract_changed');
  end if;
  insert into contract_signatures (id, contract_id, amendment_id, user_id, party, text_sha256, session_id, user_agent, ip_address)
  values (khidma.uuid_v7(), c.id, p_amendment, khidma.actor_id(), case khidma.actor_id() when c.client_id then 'client' else 'tasker' end, p_hash,
          khidma.call_fact('sourceId')::uuid, nullif(current_setting('khidma.user_agent', true), ''),
          nullif(current_setting('khidma.ip', true), ''));
end $$;
